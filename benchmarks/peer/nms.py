"""Batched greedy suppression by torchvision: the baseline of the nms benchmark.

Usage: nms.py file count threshold; the file holds float32 boxes [count, 4], scores [count] and labels [count].
A turn is a suppression; the number of boxes that stay is told before.
"""
import sys

import numpy as np
import torch
from torchvision.ops import boxes as ops

from turns import take

count, threshold = int(sys.argv[2]), float(sys.argv[3])
values = torch.from_numpy(np.fromfile(sys.argv[1], dtype=np.float32))
boxes, scores, labels = values[: 4 * count].view(-1, 4), values[4 * count : 5 * count], values[5 * count :].long()


def suppress():
    # The offset form, which is what detection toolboxes use; batched_nms itself changes its method with the number of boxes.
    return ops._batched_nms_coordinate_trick(boxes, scores, labels, threshold)


take(suppress, kept=len(suppress()))
