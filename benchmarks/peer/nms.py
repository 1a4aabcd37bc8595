"""Batched greedy suppression by torchvision: the baseline of the nms benchmark.

Usage: nms.py file count threshold runs; the file holds float32 boxes [count, 4], scores [count] and labels [count].
Prints one line of JSON: the median seconds of a run and the number of boxes that stay.
"""
import json
import statistics
import sys
import time

import numpy as np
import torch
from torchvision.ops import boxes as ops

count, threshold, runs = int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
values = torch.from_numpy(np.fromfile(sys.argv[1], dtype=np.float32))
boxes, scores, labels = values[: 4 * count].view(-1, 4), values[4 * count : 5 * count], values[5 * count :].long()
seconds = []
for _ in range(runs):
    start = time.perf_counter()
    # The offset form, which is what detection toolboxes use; batched_nms itself changes its method with the number of boxes.
    kept = ops._batched_nms_coordinate_trick(boxes, scores, labels, threshold)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": statistics.median(seconds), "kept": len(kept)}))
