"""Modulated deformable convolution by torchvision: the baseline of the deform benchmark.

Usage: deform_conv.py channels height width threads. Actions: a forward pass without gradient; forward and backward with every gradient.
"""
import sys

import torch
from torchvision.ops import deform_conv2d

from turns import take

channels, height, width, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(0)
image = torch.randn(1, channels, height, width, requires_grad=True)
weight = torch.randn(channels, channels, 3, 3, requires_grad=True)
offset = torch.randn(1, 18, height, width, requires_grad=True)
mask = torch.rand(1, 9, height, width, requires_grad=True)


def forward():
    with torch.no_grad():
        deform_conv2d(image, offset, weight, padding=1, mask=mask)


def step():
    deform_conv2d(image, offset, weight, padding=1, mask=mask).sum().backward()


take(forward, step)
