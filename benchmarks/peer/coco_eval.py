"""A plain numpy evaluation of boxes in the manner of COCO: the baseline of the coco-evaluation benchmark.

Usage: coco_eval.py gt.json dets.json
A turn is all from reading to the twelve numbers, which are told before.
"""
import json
import sys
from collections import defaultdict

import numpy as np

from turns import take

THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)
LIMITS = (1, 10, 100)
AREAS = {"all": (0, 1e10), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e10)}


def overlaps(dets, truths):
    table = np.zeros((len(dets), len(truths)))
    for i, d in enumerate(dets):
        x, y, w, h = d["bbox"]
        for j, g in enumerate(truths):
            gx, gy, gw, gh = g["bbox"]
            iw = min(x + w, gx + gw) - max(x, gx)
            ih = min(y + h, gy + gh) - max(y, gy)
            if iw > 0 and ih > 0:
                inter = iw * ih
                table[i, j] = inter / (w * h if g["iscrowd"] else w * h + gw * gh - inter)
    return table


def match(dets, truths, iou, low, high):
    """Returns, for one image, [T, D] flags of matched and of ignored detections, and the number of objects that count."""
    ignored = np.array([bool(g["iscrowd"]) or not low <= g["area"] <= high for g in truths], bool)
    order = np.argsort(ignored, kind="mergesort")
    outside = np.array([not low <= d["bbox"][2] * d["bbox"][3] <= high for d in dets], bool)
    matched = np.zeros((len(THRESHOLDS), len(dets)), bool)
    skipped = np.tile(outside, (len(THRESHOLDS), 1))
    for t, threshold in enumerate(THRESHOLDS):
        taken = set()
        for i in range(len(dets)):
            best, at_least = -1, threshold
            for j in order:
                if j in taken and not truths[j]["iscrowd"]:
                    continue
                if best >= 0 and not ignored[best] and ignored[j]:
                    break
                if iou[i, j] >= at_least:
                    best, at_least = j, iou[i, j]
            if best >= 0:
                taken.add(best)
                matched[t, i] = True
                skipped[t, i] = ignored[best]
    return matched, skipped, int(np.sum(~ignored))


def curves(images, limit):
    """Precision [T, R] and recall [T] of one category from the matches of its images."""
    positives = sum(n for _, _, _, n in images)
    if positives == 0:
        return None
    scores = np.concatenate([s[:limit] for s, _, _, _ in images])
    order = np.argsort(-scores, kind="mergesort")
    matched = np.concatenate([m[:, :limit] for _, m, _, _ in images], axis=1)[:, order]
    skipped = np.concatenate([k[:, :limit] for _, _, k, _ in images], axis=1)[:, order]
    hits = np.cumsum(matched & ~skipped, axis=1).astype(float)
    misses = np.cumsum(~matched & ~skipped, axis=1).astype(float)
    precision = np.zeros((len(THRESHOLDS), len(RECALLS)))
    recall = np.zeros(len(THRESHOLDS))
    for t in range(len(THRESHOLDS)):
        if len(order) == 0:
            continue
        r = hits[t] / positives
        p = hits[t] / (hits[t] + misses[t] + np.spacing(1))
        p = np.maximum.accumulate(p[::-1])[::-1]
        at = np.searchsorted(r, RECALLS, side="left")
        precision[t, at < len(p)] = p[at[at < len(p)]]
        recall[t] = r[-1]
    return precision, recall


def mean(parts):
    return float(np.mean(np.stack(parts))) if parts else -1.0


def evaluate(truth, results):
    truths, dets = defaultdict(list), defaultdict(list)
    for g in truth["annotations"]:
        truths[g["category_id"], g["image_id"]].append(g)
    for d in results:
        dets[d["category_id"], d["image_id"]].append(d)
    precisions, recalls = defaultdict(list), defaultdict(list)
    for category in sorted(c["id"] for c in truth["categories"]):
        images = defaultdict(list)
        for image in sorted(i["id"] for i in truth["images"]):
            g, d = truths.get((category, image), []), dets.get((category, image), [])
            if not g and not d:
                continue
            d = sorted(d, key=lambda e: -e["score"])[: LIMITS[-1]]
            scores, iou = np.array([e["score"] for e in d], float), overlaps(d, g)
            for area, (low, high) in AREAS.items():
                images[area].append((scores, *match(d, g, iou, low, high)))
        for area in AREAS:
            for limit in LIMITS:
                curve = curves(images[area], limit) if images[area] else None
                if curve:
                    precisions[area, limit].append(curve[0])
                    recalls[area, limit].append(curve[1])
    whole = precisions["all", 100]
    return [
        mean(whole), mean([p[0] for p in whole]), mean([p[5] for p in whole]),
        *(mean(precisions[area, 100]) for area in ("small", "medium", "large")),
        *(mean(recalls["all", limit]) for limit in LIMITS),
        *(mean(recalls[area, 100]) for area in ("small", "medium", "large")),
    ]


def numbers():
    with open(sys.argv[1]) as f:
        truth = json.load(f)
    with open(sys.argv[2]) as f:
        results = json.load(f)
    return evaluate(truth, results)


if __name__ == "__main__":
    take(numbers, numbers=numbers())
