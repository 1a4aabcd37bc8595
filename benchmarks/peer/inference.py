"""Forward pass of a detector in plain eager PyTorch: the baseline of the inference benchmark.

Usage: inference.py detector depth height width batch threads device tf32
A turn is a pass of one batch.
"""
import sys

import torch

from devices import measured, use
from network import Detector
from turns import take

depth, height, width, batch, threads = (int(a) for a in sys.argv[2:7])
device, tf32 = sys.argv[7], sys.argv[8] == "1"
torch.set_num_threads(threads)
use(device, tf32)
network = Detector(sys.argv[1], depth).eval()
images = torch.randn(batch, 3, height, width)
with torch.no_grad():
    take(lambda: network(images), **measured(device))
