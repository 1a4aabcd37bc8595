"""A step of localization distillation (teacher and student of the same detector) in plain eager PyTorch: the baseline of the training benchmark.

The positives and the valuable region are given, so that label assignment, which ours does in each step, costs the baseline nothing.

Usage: ld_step.py detector height width batch positives region threads student teacher device tf32
A turn is a step.
"""
import sys

import torch
from torch.nn import functional as F

from network import Detector
from devices import measured, use
from turns import take

kind, device, tf32 = sys.argv[1], sys.argv[10], sys.argv[11] == "1"
height, width, batch, positives, region, threads, small, large = (int(a) for a in sys.argv[2:10])
torch.set_num_threads(threads)
use(device, tf32)
torch.manual_seed(0)
ANCHORS = 9 if kind == "retina" else 1


def flat(maps):
    """Predictions [P, D] of all priors of one level."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1] // ANCHORS)


def rows(maps, priors):
    """Predictions [K, D] of the selected priors of one level."""
    return flat(maps)[priors]


def quality_focal(score, labels, quality, cross_entropy, sigmoid):
    """Quality focal loss of logits or of probabilities, as the two functions say."""
    probability = sigmoid(score)
    loss = cross_entropy(score, torch.zeros_like(score), reduction="none") * probability.pow(2)
    k = torch.nonzero(labels < score.shape[1]).squeeze(1)
    c = labels[k]
    loss[k, c] = cross_entropy(score[k, c], quality[k], reduction="none") * (quality[k] - probability[k, c]).abs().pow(2)
    return loss.sum()


def focal(logits, labels):
    target = F.one_hot(labels, logits.shape[1] + 1)[:, :-1].to(logits.dtype)
    sigmoid = logits.sigmoid()
    miss = (1 - sigmoid) * target + sigmoid * (1 - target)
    balance = (0.25 * target + 0.75 * (1 - target)) * miss.pow(2)
    return (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * balance).sum()


def classification(maps, labels, quality):
    logits, score = flat(maps["cls"]), flat(maps.get("score", maps["cls"]))
    if kind == "gfl":
        return quality_focal(logits, labels, quality, F.binary_cross_entropy_with_logits, torch.sigmoid)
    if kind == "gflv2":
        return quality_focal(score, labels, quality, F.binary_cross_entropy, lambda s: s)
    return focal(logits, labels)


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


def best_score(maps, where):
    return (rows(maps["score"], where) if "score" in maps else rows(maps["cls"], where).sigmoid()).detach().max(1)[0]


def centerness(distances):
    across, down = distances[:, [0, 2]], distances[:, [1, 3]]
    return (across.min(1)[0] / across.max(1)[0] * (down.min(1)[0] / down.max(1)[0])).sqrt()


def losses(student, teacher, targets):
    terms, boxes, weight_sum = [], [], 0.0
    for maps, taught, (labels, where, valuable, distances) in zip(student, teacher, targets):
        quality = torch.zeros(labels.shape[0])
        if len(where):
            edges = rows(maps["box"], where).reshape(-1, 17)
            expected = (F.softmax(edges, 1) @ torch.arange(17.0)).reshape(-1, 4)
            sign = torch.tensor([-1.0, -1, 1, 1])
            pred, true = expected * sign, distances * sign
            score = best_score(maps, where)
            per_edge = score[:, None].expand(-1, 4).reshape(-1)
            if "ctr" in maps:
                weight = centerness(distances)
                terms.append(F.binary_cross_entropy_with_logits(rows(maps["ctr"], where)[:, 0], weight, reduction="sum") / positives)
            elif kind == "retina":
                weight = torch.ones_like(score)
            else:
                weight = score
                quality[where] = giou(pred.detach(), true).clamp(min=0)
                boxes.append(0.25 * (distribution_focal(edges, distances.reshape(-1)) * per_edge).sum() / 4)
            boxes.append(2 * ((1 - giou(pred, true)) * weight).sum())
            terms.append(0.25 * (distill(edges, rows(taught["box"], where).reshape(-1, 17), 10) * per_edge).sum() / 4)
            terms.append(10 * distill(rows(maps["cls"], where), rows(taught["cls"], where), 2).mean())
            weight_sum += weight.sum()
        if len(valuable):
            terms.append(0.25 * distill(rows(maps["box"], valuable).reshape(-1, 17), rows(taught["box"], valuable).reshape(-1, 17), 10).sum() / 16)
        terms.append(classification(maps, labels, quality) / positives)
    return sum(terms) + sum(boxes) / weight_sum


def make_targets(levels):
    targets = []
    for maps in levels:
        cells, classes = flat(maps["cls"]).shape
        chosen = torch.randperm(cells)
        count = min(positives // 5, cells // 4)
        where, valuable = chosen[:count], chosen[count:count + min(region // 5, cells // 2)]
        labels = torch.full((cells,), classes)
        labels[where] = torch.randint(0, classes, (count,))
        targets.append((labels, where, valuable, torch.rand(count, 4) * 10 + 1))
    return targets


student, teacher = Detector(kind, small).train(), Detector(kind, large).eval()
optimizer = torch.optim.SGD([p for p in student.parameters() if p.requires_grad], lr=1e-3, momentum=0.9, weight_decay=1e-4)
images = torch.randn(batch, 3, height, width)
with torch.no_grad():
    targets = make_targets(student(images))


def step():
    with torch.no_grad():
        taught = teacher(images)
    loss = losses(student(images), taught, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


take(step, **measured(device))
