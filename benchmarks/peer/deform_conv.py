"""Modulated deformable convolution by torchvision: the baseline of the deform benchmark.

Usage: deform_conv.py channels height width runs threads. Prints one line of JSON: the median seconds of a forward pass without gradient, and of
forward and backward with every gradient.
"""
import json
import statistics
import sys
import time

import torch
from torchvision.ops import deform_conv2d

channels, height, width, runs, threads = map(int, sys.argv[1:6])
torch.set_num_threads(threads)
torch.manual_seed(0)
image = torch.randn(1, channels, height, width, requires_grad=True)
weight = torch.randn(channels, channels, 3, 3, requires_grad=True)
offset = torch.randn(1, 18, height, width, requires_grad=True)
mask = torch.rand(1, 9, height, width, requires_grad=True)


def timed(action):
    seconds = []
    for k in range(runs + 1):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def forward():
    with torch.no_grad():
        deform_conv2d(image, offset, weight, padding=1, mask=mask)


def step():
    deform_conv2d(image, offset, weight, padding=1, mask=mask).sum().backward()


print(json.dumps({"forward": timed(forward), "step": timed(step)}))
