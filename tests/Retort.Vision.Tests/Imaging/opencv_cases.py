"""Writes image files and what OpenCV makes of them into a folder: the cases of OpenCvTests.

decode: <name>.<ext> and <name>.raw (two int32, width and height, then BGR bytes as cv2.imread gives them)
resize: <name>.resize: int32 width, height, new width, new height, the BGR source, the BGR result
"""
import struct
import sys
import zlib

import cv2
import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(7)


def scene(width, height):
    small = rng.integers(0, 256, (max(2, height // 8), max(2, width // 8), 3), dtype=np.uint8)
    noise = rng.normal(0, 6, (height, width, 3))
    return np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) + noise, 0, 255).astype(np.uint8)


def expect(name, extension, data):
    path = f"{folder}/{name}.{extension}"
    with open(path, "wb") as file:
        file.write(data)
    pixels = cv2.imread(path, cv2.IMREAD_COLOR)
    assert pixels is not None, name
    with open(f"{folder}/{name}.raw", "wb") as file:
        file.write(struct.pack("<ii", pixels.shape[1], pixels.shape[0]) + pixels.tobytes())


def jpeg(image, *parameters):
    return cv2.imencode(".jpg", image, list(parameters))[1].tobytes()


def with_orientation(data, orientation, order):
    tiff = struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + (b"II" if order == "<" else b"MM") + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def filtered(row, above, step, kind):
    row, above = row.astype(np.int32), above.astype(np.int32)
    left = np.concatenate([np.zeros(step, np.int32), row[:-step]])[: len(row)]
    corner = np.concatenate([np.zeros(step, np.int32), above[:-step]])[: len(row)]
    p = left + above - corner
    a, b, c = abs(p - left), abs(p - above), abs(p - corner)
    paeth = np.where((a <= b) & (a <= c), left, np.where(b <= c, above, corner))
    predicted = [np.zeros_like(row), left, above, (left + above) >> 1, paeth][kind]
    return bytes([kind]) + ((row - predicted) & 255).astype(np.uint8).tobytes()


def rows(samples, depth):
    """samples: [height, width, channels] integers -> packed rows."""
    height = samples.shape[0]
    flat = samples.reshape(height, -1)
    if depth == 16:
        return flat.astype(">u2").view(np.uint8).reshape(height, -1)
    if depth == 8:
        return flat.astype(np.uint8)
    bits = ((flat[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1).reshape(height, -1)
    return np.packbits(bits.astype(np.uint8), axis=1)


def png(samples, depth, color, interlaced=False, extra=b""):
    height, width, channels = samples.shape
    grids = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    data = b""
    step = max(1, channels * depth // 8)
    for x, y, dx, dy in grids:
        part = samples[y::dy, x::dx]
        if part.size == 0:
            continue
        packed = rows(part, depth)
        above = np.zeros_like(packed[0])
        for number, row in enumerate(packed):
            data += filtered(row, above, step, number % 5)
            above = row
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    compressed = zlib.compress(data)
    half = len(compressed) // 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", compressed[:half]) + chunk(b"IDAT", b"")
            + chunk(b"IDAT", compressed[half:]) + chunk(b"IEND", b""))


image = scene(67, 45)
expect("jpeg_default", "jpg", jpeg(image))
expect("jpeg_wrong_extension", "png", jpeg(image))
expect("jpeg_low_quality", "jpg", jpeg(image, cv2.IMWRITE_JPEG_QUALITY, 20))
expect("jpeg_progressive", "jpg", jpeg(image, cv2.IMWRITE_JPEG_PROGRESSIVE, 1))
expect("jpeg_restart", "jpg", jpeg(image, cv2.IMWRITE_JPEG_RST_INTERVAL, 2))
expect("jpeg_gray", "jpg", jpeg(image[:, :, 0]))
expect("jpeg_large", "jpg", jpeg(scene(643, 481)))
for orientation in range(1, 9):
    expect(f"jpeg_orientation_{orientation}", "jpg", with_orientation(jpeg(image), orientation, "<" if orientation % 2 else ">"))
try:
    from PIL import Image

    for mode in ("CMYK",):
        Image.fromarray(rng.integers(0, 256, (40, 56, 4), dtype=np.uint8), mode).save(f"{folder}/tmp.jpg", quality=90)
        expect("jpeg_cmyk", "jpg", open(f"{folder}/tmp.jpg", "rb").read())
    for name, subsampling in (("444", 0), ("422", 1)):
        Image.fromarray(image).save(f"{folder}/tmp.jpg", subsampling=subsampling)
        expect("jpeg_" + name, "jpg", open(f"{folder}/tmp.jpg", "rb").read())
except ImportError:
    pass

for interlaced in (False, True):
    tail = "_interlaced" if interlaced else ""
    for depth in (1, 2, 4, 8, 16):
        expect(f"png_gray{depth}{tail}", "png", png(rng.integers(0, 1 << depth, (37, 43, 1)), depth, 0, interlaced))
    for depth in (1, 2, 4, 8):
        palette = chunk(b"PLTE", rng.integers(0, 256, 3 << depth, dtype=np.uint8).tobytes())
        expect(f"png_palette{depth}{tail}", "png", png(rng.integers(0, 1 << depth, (37, 43, 1)), depth, 3, interlaced, palette))
    for color, channels in ((2, 3), (4, 2), (6, 4)):
        for depth in (8, 16):
            expect(f"png_color{color}_{depth}{tail}", "png", png(rng.integers(0, 1 << depth, (37, 43, channels)), depth, color, interlaced))
transparent = chunk(b"PLTE", rng.integers(0, 256, 48, dtype=np.uint8).tobytes()) + chunk(b"tRNS", bytes(range(0, 160, 10)))
expect("png_palette_transparent", "png", png(rng.integers(0, 16, (37, 43, 1)), 4, 3, False, transparent))
expect("png_gamma", "png", png(rng.integers(0, 256, (37, 43, 3)), 8, 2, False, chunk(b"gAMA", struct.pack(">I", 100000))))
expect("png_tiny_interlaced", "png", png(rng.integers(0, 256, (1, 2, 3)), 8, 2, True))
expect("png_opencv", "png", cv2.imencode(".png", scene(321, 123))[1].tobytes())

sizes = [(64, 48, 107, 80), (107, 80, 64, 48), (100, 60, 50, 30), (100, 60, 51, 30), (101, 60, 50, 30), (60, 40, 20, 10), (5, 7, 5, 7), (1, 1, 9, 4),
         (2, 3, 31, 17), (400, 267, 1199, 800), (640, 480, 1067, 800), (33, 257, 29, 31), (17, 1, 8, 5), (500, 375, 333, 250), (3, 200, 1, 1)]
sizes += [tuple(int(v) for v in rng.integers(1, 160, 4)) for _ in range(60)]
for number, (width, height, new_width, new_height) in enumerate(sizes):
    source = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    result = cv2.resize(source, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    with open(f"{folder}/{number}_{width}x{height}_to_{new_width}x{new_height}.resize", "wb") as file:
        file.write(struct.pack("<iiii", width, height, new_width, new_height) + source.tobytes() + result.tobytes())
