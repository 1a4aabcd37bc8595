"""Label assignment of a batch in plain eager PyTorch, with matrices of all priors and objects as usual: the baseline of the assignment benchmark.

Usage: assign.py detector height width batch objects threads
A turn is a batch.
"""
import sys

import torch

from turns import take

kind = sys.argv[1]
height, width, batch, objects, threads = (int(a) for a in sys.argv[2:])
torch.set_num_threads(threads)
torch.manual_seed(0)
STRIDES = [8, 16, 32, 64, 128]


def points(offset):
    levels = []
    for stride in STRIDES:
        y, x = torch.meshgrid(torch.arange(-(-height // stride)), torch.arange(-(-width // stride)), indexing="ij")
        levels.append((torch.stack([x, y], -1).reshape(-1, 2) * stride + int(offset * stride)).float())
    return levels


def anchors(scales, ratios):
    levels = []
    for stride, centres in zip(STRIDES, points(0)):
        sizes = torch.tensor([[stride * s / r ** 0.5, stride * s * r ** 0.5] for r in ratios for s in scales])
        levels.append(torch.cat([centres[:, None] - sizes / 2, centres[:, None] + sizes / 2], -1).reshape(-1, 4))
    return levels


def iou(a, b):
    low, high = torch.max(a[:, None, :2], b[None, :, :2]), torch.min(a[:, None, 2:], b[None, :, 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(-1), (b[:, 2:] - b[:, :2]).prod(-1)
    return inter / (area_a[:, None] + area_b[None] - inter).clamp(min=1e-6)


def atss(levels, boxes):
    priors = torch.cat(levels)
    overlaps = iou(priors, boxes)
    centres, middle = (priors[:, :2] + priors[:, 2:]) / 2, (boxes[:, :2] + boxes[:, 2:]) / 2
    distances = (centres[:, None] - middle[None]).pow(2).sum(-1).sqrt()
    start, chosen = 0, []
    for level in levels:
        chosen.append(distances[start:start + len(level)].topk(min(9, len(level)), dim=0, largest=False)[1] + start)
        start += len(level)
    chosen = torch.cat(chosen)
    candidates = overlaps.gather(0, chosen)
    threshold = candidates.mean(0) + candidates.std(0)
    inside = torch.cat([centres[chosen] - boxes[None, :, :2], boxes[None, :, 2:] - centres[chosen]], -1).min(-1)[0] > 0.01
    positive = torch.zeros_like(overlaps, dtype=torch.bool).scatter(0, chosen, (candidates >= threshold) & inside)
    best, owner = overlaps.masked_fill(~positive, -1).max(1)
    return torch.where(best >= 0, owner, -1)


def max_iou(levels, boxes):
    overlaps = iou(boxes, torch.cat(levels))
    best, owner = overlaps.max(0)
    assigned = torch.full_like(owner, -2)
    assigned[best < 0.4] = -1
    assigned = torch.where(best >= 0.5, owner, assigned)
    closest = overlaps.max(1)[0]
    for g in range(len(boxes)):
        assigned[overlaps[g] == closest[g]] = g
    return assigned


def fcos(levels, boxes):
    xy = torch.cat(levels)
    stride = torch.cat([torch.full((len(level),), float(s)) for s, level in zip(STRIDES, levels)])
    low = torch.cat([torch.full((len(level),), float(-1 if k == 0 else 4 * s)) for k, (s, level) in enumerate(zip(STRIDES, levels))])
    high = torch.cat([torch.full((len(level),), float(1e8 if k == 4 else 8 * s)) for k, (s, level) in enumerate(zip(STRIDES, levels))])
    sides = torch.cat([xy[:, None] - boxes[None, :, :2], boxes[None, :, 2:] - xy[:, None]], -1)
    middle, reach = (boxes[:, :2] + boxes[:, 2:])[None] / 2, 1.5 * stride[:, None, None]
    near = torch.cat([xy[:, None] - torch.max(middle - reach, boxes[None, :, :2]), torch.min(middle + reach, boxes[None, :, 2:]) - xy[:, None]], -1)
    farthest = sides.max(-1)[0]
    area = (boxes[:, 2:] - boxes[:, :2]).prod(-1)[None].repeat(len(xy), 1)
    area[(near.min(-1)[0] <= 0) | (farthest < low[:, None]) | (farthest > high[:, None])] = 1e8
    smallest, owner = area.min(1)
    return torch.where(smallest < 1e8, owner, -1)


levels = {"atss": lambda: anchors([8], [1]), "fcos": lambda: points(0.5), "retina": lambda: anchors([4 * 2 ** (i / 3) for i in range(3)], [0.5, 1, 2])}[kind]()
assign = {"atss": atss, "fcos": fcos, "retina": max_iou}[kind]
corner, size = torch.rand(batch, objects, 2), 0.1 + 0.4 * torch.rand(batch, objects, 2)
corner = corner * (1 - size)
truth = torch.cat([corner, corner + size], -1) * torch.tensor([width, height, width, height])
labels = torch.randint(0, 80, (batch, objects))


def batch_targets():
    for boxes, classes in zip(truth, labels):
        owner = assign(levels, boxes)
        positive = torch.nonzero(owner >= 0).squeeze(1)
        targets = torch.full_like(owner, 80)
        targets[positive] = classes[owner[positive]]
        box_targets = boxes[owner[positive]]


take(batch_targets)
