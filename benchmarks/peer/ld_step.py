"""A step of localization distillation (teacher GFL-R50, student GFL-R18) in plain eager PyTorch: the baseline of the training benchmark.

The positives and the valuable region are given, so that label assignment, which ours does in each step, costs the baseline nothing.

Usage: ld_step.py height width batch positives region threads runs
Prints one line of JSON: the median seconds of a step.
"""
import json
import statistics
import sys
import time

import torch
from torch.nn import functional as F

from gfl_network import Gfl

height, width, batch, positives, region, threads, runs = (int(a) for a in sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(0)
STRIDES = [8, 16, 32, 64, 128]


def rows(maps, cells):
    """Predictions [K, D] of the selected cells of one level."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])[cells]


def quality_focal(logits, labels, scores):
    sigmoid = logits.sigmoid()
    loss = F.binary_cross_entropy_with_logits(logits, torch.zeros_like(logits), reduction="none") * sigmoid.pow(2)
    k = torch.nonzero(labels < logits.shape[1]).squeeze(1)
    c = labels[k]
    loss[k, c] = F.binary_cross_entropy_with_logits(logits[k, c], scores[k], reduction="none") * (scores[k] - sigmoid[k, c]).abs().pow(2)
    return loss.sum()


def distribution_focal(logits, target):
    left = target.long()
    right = left + 1
    return F.cross_entropy(logits, left, reduction="none") * (right - target) + F.cross_entropy(logits, right, reduction="none") * (target - left)


def giou(a, b):
    low, high = torch.max(a[:, :2], b[:, :2]), torch.min(a[:, 2:], b[:, 2:])
    inter = (high - low).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - inter
    hull = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).prod(1)
    return inter / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)


def distill(student, teacher, temperature):
    target = F.softmax(teacher / temperature, dim=1).detach()
    return F.kl_div(F.log_softmax(student / temperature, dim=1), target, reduction="none").mean(1) * temperature ** 2


def losses(student, teacher, targets):
    terms, weight_sum = [], 0.0
    for (cls, box), (t_cls, t_box), (labels, where, valuable, distances) in zip(student, teacher, targets):
        logits = cls.permute(0, 2, 3, 1).reshape(-1, cls.shape[1])
        scores = torch.zeros(logits.shape[0])
        if len(where):
            edges = rows(box, where).reshape(-1, 17)
            expected = (F.softmax(edges, 1) @ torch.arange(17.0)).reshape(-1, 4)
            sign = torch.tensor([-1.0, -1, 1, 1])
            pred, true = expected * sign, distances * sign
            weight = rows(cls, where).detach().sigmoid().max(1)[0]
            scores[where] = giou(pred.detach(), true).clamp(min=0)
            per_edge = weight[:, None].expand(-1, 4).reshape(-1)
            terms.append(2 * ((1 - giou(pred, true)) * weight).sum())
            terms.append(0.25 * (distribution_focal(edges, distances.reshape(-1)) * per_edge).sum() / 4)
            terms.append(0.25 * (distill(edges, rows(t_box, where).reshape(-1, 17), 10) * per_edge).sum() / 4)
            terms.append(10 * distill(rows(cls, where), rows(t_cls, where), 2).mean())
            weight_sum += weight.sum()
        if len(valuable):
            terms.append(0.25 * distill(rows(box, valuable).reshape(-1, 17), rows(t_box, valuable).reshape(-1, 17), 10).sum() / 16)
        terms.append(quality_focal(logits, labels, scores) / positives)
    return sum(terms)


def make_targets(levels):
    targets = []
    for k, (cls, _) in enumerate(levels):
        cells = cls.shape[0] * cls.shape[2] * cls.shape[3]
        chosen = torch.randperm(cells)
        count = min(positives // 5, cells // 4)
        where, valuable = chosen[:count], chosen[count:count + min(region // 5, cells // 2)]
        labels = torch.full((cells,), cls.shape[1])
        labels[where] = torch.randint(0, cls.shape[1], (count,))
        targets.append((labels, where, valuable, torch.rand(count, 4) * 10 + 1))
    return targets


student, teacher = Gfl(18).train(), Gfl(50).eval()
optimizer = torch.optim.SGD([p for p in student.parameters() if p.requires_grad], lr=1e-3, momentum=0.9, weight_decay=1e-4)
images = torch.randn(batch, 3, height, width)
seconds, targets = [], None
for run in range(runs + 1):
    start = time.perf_counter()
    with torch.no_grad():
        taught = teacher(images)
    output = student(images)
    targets = targets or make_targets(output)
    loss = losses(output, taught, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if run > 0:
        seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": statistics.median(seconds)}))
