"""ResNet, feature pyramid and dense heads in plain PyTorch, with the shapes and operators of the usual implementations."""
import torch
from torch import nn
from torch.nn import functional as F


def conv(cin, cout, kernel, stride=1, bias=False):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=bias)


class Basic(nn.Module):
    expansion = 1

    def __init__(self, cin, planes, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(cin, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv(planes, planes, 3), nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or cin != planes:
            self.downsample = nn.Sequential(conv(cin, planes, 1, stride), nn.BatchNorm2d(planes))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        x += identity
        return self.relu(x)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, cin, planes, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(cin, planes, 1), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv(planes, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = conv(planes, planes * 4, 1), nn.BatchNorm2d(planes * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or cin != planes * 4:
            self.downsample = nn.Sequential(conv(cin, planes * 4, 1, stride), nn.BatchNorm2d(planes * 4))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        x = self.bn3(self.conv3(x))
        x += identity
        return self.relu(x)


class Backbone(nn.Module):
    def __init__(self, depth):
        super().__init__()
        block = Basic if depth < 50 else Bottleneck
        counts = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3]}[depth]
        self.conv1, self.bn1 = conv(3, 64, 7, 2), nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels, stages, self.channels = 64, [], []
        for k, count in enumerate(counts):
            blocks = []
            for j in range(count):
                blocks.append(block(channels, 64 << k, 2 if j == 0 and k > 0 else 1))
                channels = (64 << k) * block.expansion
            stages.append(nn.Sequential(*blocks))
            self.channels.append(channels)
        self.stages = nn.ModuleList(stages)
        for module in [self.conv1, self.bn1, self.stages[0]]:
            module.requires_grad_(False)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def train(self, mode=True):
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self


class Pyramid(nn.Module):
    """P6 is made from C5 for retina, else from P5; fcos has a ReLU before P7."""

    def __init__(self, kind, channels):
        super().__init__()
        self.on_input, self.relu = kind == "retina", kind == "fcos"
        self.lateral = nn.ModuleList([conv(c, 256, 1, bias=True) for c in channels])
        first = channels[-1] if self.on_input else 256
        self.output = nn.ModuleList([conv(first if k == 3 else 256, 256, 3, 1 if k < 3 else 2, bias=True) for k in range(5)])

    def forward(self, maps):
        last = maps[-1]
        maps = [lateral(m) for lateral, m in zip(self.lateral, maps)]
        for k in (1, 0):
            maps[k] = maps[k] + F.interpolate(maps[k + 1], size=maps[k].shape[-2:], mode="nearest")
        outputs = [output(m) for output, m in zip(self.output, maps)]
        outputs.append(self.output[3](last if self.on_input else outputs[-1]))
        outputs.append(self.output[4](F.relu(outputs[-1]) if self.relu else outputs[-1]))
        return outputs


def tower(norm):
    layers = []
    for _ in range(4):
        layers += [conv(256, 256, 3, bias=not norm)] + ([nn.GroupNorm(32, 256)] if norm else []) + [nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class Quality(nn.Module):
    """The quality predictor of GFLv2."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(20, 64, 1), nn.ReLU(inplace=True), nn.Conv2d(64, 1, 1), nn.Sigmoid())

    def forward(self, boxes):
        n, channels, h, w = boxes.shape
        largest = F.softmax(boxes.reshape(n, 4, channels // 4, h, w), dim=2).topk(4, dim=2)[0]
        return self.layers(torch.cat([largest, largest.mean(dim=2, keepdim=True)], dim=2).reshape(n, -1, h, w))


class Detector(nn.Module):
    """gfl, gflv2, atss, fcos or retina. A level's maps: cls (logits), box (logits), score (probabilities, gflv2), ctr (logits, atss and fcos)."""

    def __init__(self, kind, depth, classes=80, bins=17):
        super().__init__()
        self.backbone = Backbone(depth)
        self.neck = Pyramid(kind, self.backbone.channels[1:])
        retina, anchors = kind == "retina", 9 if kind == "retina" else 1
        self.class_tower, self.box_tower = tower(not retina), tower(not retina)
        self.classes = conv(256, anchors * classes, 3, bias=True)
        self.boxes = conv(256, anchors * 4 * bins, 3, bias=True)
        self.centerness = conv(256, 1, 3, bias=True) if kind in ("atss", "fcos") else None
        self.quality = Quality() if kind == "gflv2" else None
        self.scales = [1.0] * 5 if retina else nn.ParameterList([nn.Parameter(torch.tensor(1.0)) for _ in range(5)])
        for module in list(self.class_tower) + list(self.box_tower) + [self.classes, self.boxes]:
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.01)
        nn.init.constant_(self.classes.bias, -4.6)

    def level(self, features, scale):
        tower = self.box_tower(features)
        maps = {"cls": self.classes(self.class_tower(features)), "box": self.boxes(tower) if isinstance(scale, float) else self.boxes(tower) * scale}
        if self.centerness is not None:
            maps["ctr"] = self.centerness(tower)
        if self.quality is not None:
            maps["score"] = maps["cls"].sigmoid() * self.quality(maps["box"])
        return maps

    def forward(self, images):
        features = self.neck(self.backbone(images)[1:])
        return [self.level(f, scale) for f, scale in zip(features, self.scales)]
