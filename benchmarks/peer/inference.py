"""Forward pass of a detector in plain eager PyTorch: the baseline of the inference benchmark.

Usage: inference.py detector depth height width threads
A turn is a pass of one image.
"""
import sys

import torch

from network import Detector
from turns import take

depth, height, width, threads = (int(a) for a in sys.argv[2:])
torch.set_num_threads(threads)
network = Detector(sys.argv[1], depth).eval()
images = torch.randn(1, 3, height, width)
with torch.no_grad():
    take(lambda: network(images))
