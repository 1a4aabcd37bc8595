"""Bilinear resize by OpenCV on one thread: the baseline of the resize benchmark.

Usage: resize.py width height new_width new_height
A turn is a resize.
"""
import sys

import cv2
import numpy as np

from turns import take

cv2.setNumThreads(1)
width, height, new_width, new_height = (int(a) for a in sys.argv[1:])
image = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
take(lambda: cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_LINEAR))
