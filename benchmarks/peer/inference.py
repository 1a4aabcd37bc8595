"""Forward pass of a detector in plain eager PyTorch: the baseline of the inference benchmark.

Usage: inference.py detector depth height width threads runs
Prints one line of JSON: the median seconds of a pass of one image.
"""
import json
import statistics
import sys
import time

import torch

from network import Detector

depth, height, width, threads, runs = (int(a) for a in sys.argv[2:])
torch.set_num_threads(threads)
network = Detector(sys.argv[1], depth).eval()
images = torch.randn(1, 3, height, width)
seconds = []
with torch.no_grad():
    for run in range(runs + 1):
        start = time.perf_counter()
        network(images)
        if run > 0:
            seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": statistics.median(seconds)}))
