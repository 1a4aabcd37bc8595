"""Trains GFL with a ResNet-18 on blood cells (BCCD, Pascal VOC layout) in plain PyTorch: an independent check of the recipe bccd/yardstick.

Nothing of Retort takes part: network, label assignment, losses, flips, schedule and decoding are written again, in the obvious way.

Usage: gfl_train.py root seed epochs output
Writes output/gt.json once and output/detections_N.json after every fourth epoch, for: retort eval --annotations gt.json --results detections_N.json
"""
import json
import os
import random
import sys
import xml.etree.ElementTree as ElementTree

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torchvision.ops import batched_nms

import network as peer

NAMES = ["RBC", "WBC", "Platelets"]
STRIDES = [8, 16, 32, 64, 128]
WIDTH, HEIGHT, PADDED, FACTOR = 320, 240, 256, 2
MEAN, STD = np.array([123.675, 116.28, 103.53], np.float32), np.array([58.395, 57.12, 57.375], np.float32)
BINS = torch.arange(17.0)


def read(root, split):
    """Name, picture at half size, boxes and labels of each image of a split; boxes of no size are left out."""
    items = []
    for name in open(f"{root}/ImageSets/Main/{split}.txt").read().split():
        boxes, labels = [], []
        for entry in ElementTree.parse(f"{root}/Annotations/{name}.xml").getroot().findall("object"):
            x1, y1, x2, y2 = (float(entry.find("bndbox").find(side).text) - 1 for side in ("xmin", "ymin", "xmax", "ymax"))
            if x2 > x1 and y2 > y1:
                boxes.append([x1, y1, x2, y2])
                labels.append(NAMES.index(entry.find("name").text))
        picture = cv2.resize(cv2.imread(f"{root}/JPEGImages/{name}.jpg"), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        items.append((name, picture, torch.tensor(boxes).reshape(-1, 4) / FACTOR, torch.tensor(labels)))
    return items


def prepare(picture, flip=False):
    picture = picture[:, ::-1] if flip else picture
    padded = np.zeros((PADDED, WIDTH, 3), np.float32)
    padded[:HEIGHT] = (picture[:, :, ::-1].astype(np.float32) - MEAN) / STD
    return torch.from_numpy(padded.transpose(2, 0, 1).copy())


def build():
    """Everything is trained, batch normalisation too; fresh weights as the detection toolboxes draw them."""
    peer.Backbone.train = lambda self, mode=True: nn.Module.train(self, mode)
    network = peer.Detector("gfl", 18, classes=len(NAMES))
    network.requires_grad_(True)
    for module in network.backbone.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    for module in network.backbone.modules():
        if isinstance(module, peer.Basic):
            nn.init.constant_(module.bn2.weight, 0)
    for module in network.neck.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.xavier_uniform_(module.weight)
            nn.init.constant_(module.bias, 0)
    for layer, bias in ((network.classes, -np.log(99)), (network.boxes, 0)):
        nn.init.normal_(layer.weight, std=0.01)
        nn.init.constant_(layer.bias, bias)
    return network


def centres(outputs):
    """Anchor centres [P, 2] of each level."""
    found = []
    for maps, stride in zip(outputs, STRIDES):
        height, width = maps["cls"].shape[-2:]
        y, x = torch.meshgrid(torch.arange(height) * stride, torch.arange(width) * stride, indexing="ij")
        found.append(torch.stack([x.reshape(-1), y.reshape(-1)], 1).float())
    return found


def area(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def assign(points, boxes):
    """ATSS: the object of each anchor, or -1."""
    if len(boxes) == 0:
        return torch.full((sum(len(p) for p in points),), -1)
    anchors = torch.cat([torch.cat([p - 4 * s, p + 4 * s], 1) for p, s in zip(points, STRIDES)])
    joined = torch.cat(points)
    sides = (torch.min(anchors[:, None, 2:], boxes[:, 2:]) - torch.max(anchors[:, None, :2], boxes[:, :2])).clamp(min=0)
    inter = sides.prod(2)
    overlap = inter / (area(anchors)[:, None] + area(boxes) - inter)
    distance = ((joined[:, None] - (boxes[:, :2] + boxes[:, 2:]) / 2) ** 2).sum(2).sqrt()
    nearest, start = [], 0
    for level in points:
        nearest.append(distance[start:start + len(level)].topk(min(9, len(level)), dim=0, largest=False)[1] + start)
        start += len(level)
    nearest = torch.cat(nearest)
    candidates = overlap.gather(0, nearest)
    threshold = candidates.mean(0) + candidates.std(0)
    claims = torch.full_like(overlap, -1)
    for g, box in enumerate(boxes):
        at = joined[nearest[:, g]]
        inside = torch.cat([at - box[:2], box[2:] - at], 1).min(1)[0] > 0.01
        chosen = nearest[(candidates[:, g] >= threshold[g]) & inside, g]
        claims[chosen, g] = overlap[chosen, g]
    best, owner = claims.max(1)
    return torch.where(best >= 0, owner, torch.full_like(owner, -1))


def overlaps(a, b):
    """IoU and generalized IoU of pairs."""
    inter = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    union = (area(a) + area(b) - inter).clamp(min=1e-6)
    hull = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).prod(1).clamp(min=1e-6)
    return inter / union, inter / union - (hull - union) / hull


def objective(outputs, boxes, labels):
    points = centres(outputs)
    owners = [assign(points, b) for b in boxes]
    classes, box_sum, bin_sum, weight_sum, start = 0, 0, 0, 0, 0
    for maps, at, stride in zip(outputs, points, STRIDES):
        logits, edges = maps["cls"], maps["box"]
        owner = torch.stack([o[start:start + len(at)] for o in owners])
        start += len(at)
        logits = logits.permute(0, 2, 3, 1).reshape(-1, len(NAMES))
        loss = F.binary_cross_entropy_with_logits(logits, torch.zeros_like(logits), reduction="none") * logits.sigmoid() ** 2
        image, cell = torch.nonzero(owner >= 0, as_tuple=True)
        if len(image):
            rows = image * len(at) + cell
            truth = torch.stack([boxes[n][owner[n, c]] for n, c in zip(image, cell)]) / stride
            label = torch.stack([labels[n][owner[n, c]] for n, c in zip(image, cell)])
            edges, centre = edges.permute(0, 2, 3, 1).reshape(-1, 68)[rows].reshape(-1, 17), at[cell] / stride
            expected = (F.softmax(edges, 1) @ BINS).reshape(-1, 4)
            quality, generalized = overlaps(torch.cat([centre - expected[:, :2], centre + expected[:, 2:]], 1), truth)
            weight = logits[rows].detach().sigmoid().max(1)[0]
            target = torch.cat([centre - truth[:, :2], truth[:, 2:] - centre], 1).clamp(0, 15.9).reshape(-1)
            low = target.long()
            bins = F.cross_entropy(edges, low, reduction="none") * (low + 1 - target) + F.cross_entropy(edges, low + 1, reduction="none") * (target - low)
            box_sum += ((1 - generalized) * weight).sum()
            bin_sum += (bins.reshape(-1, 4).mean(1) * weight).sum()
            weight_sum += weight.sum()
            chosen, quality = logits[rows, label], quality.detach()
            loss = loss.index_put((rows, label), F.binary_cross_entropy_with_logits(chosen, quality, reduction="none") * (quality - chosen.sigmoid()) ** 2)
        classes += loss.sum()
    return classes / sum(max(int((o >= 0).sum()), 1) for o in owners) + 2 * box_sum / weight_sum + 0.25 * bin_sum / weight_sum


def detect(network, picture):
    outputs = network(prepare(picture)[None])
    boxes, scores, labels = [], [], []
    for maps, at, stride in zip(outputs, centres(outputs), STRIDES):
        edges = maps["box"]
        score = maps["cls"][0].permute(1, 2, 0).reshape(-1, len(NAMES)).sigmoid()
        distance = (F.softmax(edges[0].permute(1, 2, 0).reshape(-1, 17), 1) @ BINS).reshape(-1, 4) * stride
        box = torch.cat([at - distance[:, :2], at + distance[:, 2:]], 1)
        box[:, 0::2].clamp_(0, WIDTH)
        box[:, 1::2].clamp_(0, HEIGHT)
        best = score.max(1)[0].topk(min(1000, len(score)))[1]
        row, label = torch.nonzero(score[best] > 0.05, as_tuple=True)
        boxes.append(box[best][row] * FACTOR)
        scores.append(score[best][row, label])
        labels.append(label)
    boxes, scores, labels = torch.cat(boxes), torch.cat(scores), torch.cat(labels)
    keep = batched_nms(boxes, scores, labels, 0.6)[:100]
    return boxes[keep], scores[keep], labels[keep]


def to_coco(box):
    x1, y1, x2, y2 = (float(v) for v in box)
    return [x1, y1, x2 - x1, y2 - y1]


def write_truth(path, images):
    annotations = []
    for n, (_, _, boxes, labels) in enumerate(images):
        for box, label in zip(boxes * FACTOR, labels):
            bbox = to_coco(box)
            annotations.append({"id": len(annotations) + 1, "image_id": n + 1, "category_id": int(label) + 1, "bbox": bbox, "area": bbox[2] * bbox[3], "iscrowd": 0})
    with open(path, "w") as f:
        json.dump({
            "images": [{"id": n + 1, "width": WIDTH * FACTOR, "height": HEIGHT * FACTOR, "file_name": image[0] + ".jpg"} for n, image in enumerate(images)],
            "categories": [{"id": c + 1, "name": name} for c, name in enumerate(NAMES)],
            "annotations": annotations,
        }, f)


def evaluate(network, images, path):
    network.eval()
    with torch.no_grad():
        found = [(n, *detection) for n, image in enumerate(images) for detection in zip(*detect(network, image[1]))]
    network.train()
    with open(path, "w") as f:
        json.dump([{"image_id": n + 1, "category_id": int(label) + 1, "bbox": to_coco(box), "score": float(score)} for n, box, score, label in found], f)


def train_epoch(network, optimizer, images, rate, iteration):
    order = list(np.random.permutation(len(images)))
    order += order[:-len(order) % 4]
    losses = []
    for k in range(0, len(order), 4):
        batch = [(images[j], random.random() < 0.5) for j in order[k:k + 4]]
        boxes = [torch.stack([WIDTH - b[:, 2], b[:, 1], WIDTH - b[:, 0], b[:, 3]], 1) if flip else b for (_, _, b, _), flip in batch]
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 - (1 - iteration / 100) * (1 - 0.001)) if iteration < 100 else rate
        loss = objective(network(torch.stack([prepare(image[1], flip) for image, flip in batch])), boxes, [image[3] for image, _ in batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        iteration += 1
    return iteration, float(np.mean(losses))


def main():
    root, seed, epochs, output = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    os.makedirs(output, exist_ok=True)
    training, validation = read(root, "train"), read(root, "val")
    write_truth(f"{output}/gt.json", validation)
    network = build().train()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    iteration = 0
    for epoch in range(1, epochs + 1):
        rate = 0.01 * 0.1 ** sum(epoch > step for step in (11, 14))
        iteration, loss = train_epoch(network, optimizer, training, rate, iteration)
        print(f"epoch {epoch}: mean loss {loss:.3f}", flush=True)
        if epoch % 4 == 0:
            evaluate(network, validation, f"{output}/detections_{epoch}.json")


if __name__ == "__main__":
    main()
