"""Bilinear resize by OpenCV on one thread: the baseline of the resize benchmark.

Usage: resize.py width height new_width new_height runs
Prints one line of JSON: the median seconds of a resize.
"""
import json
import statistics
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
width, height, new_width, new_height, runs = (int(a) for a in sys.argv[1:])
image = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
seconds = []
for _ in range(runs):
    start = time.perf_counter()
    cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": statistics.median(seconds)}))
