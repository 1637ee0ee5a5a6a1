"""Windows of pictures, pixel by pixel."""

import math

import numpy as np

from tests.oracle.gradient import exact


def crop_and_resize(x, boxes, box_indices, size, interpolation="bilinear", extrapolation_value=0.0):
    """Boxes (y1, x1, y2, x2) whose corners lie on the middles of pixels, brought to one size."""
    x = exact(x)
    y = np.full((len(boxes), *size, x.shape[3]), extrapolation_value, dtype=x.dtype)
    for b, (box, picture) in enumerate(zip(boxes, box_indices, strict=True)):
        for i in range(size[0]):
            for j in range(size[1]):
                row = place(box[0], box[2], i, x.shape[1], size[0])
                column = place(box[1], box[3], j, x.shape[2], size[1])
                if 0 <= row <= x.shape[1] - 1 and 0 <= column <= x.shape[2] - 1:
                    y[b, i, j] = read(x[picture], row, column, interpolation)
    return y


def place(first, last, index, length, count):
    if count == 1:
        return 0.5 * (first + last) * (length - 1)
    return first * (length - 1) + index * (last - first) * (length - 1) / (count - 1)


def read(picture, row, column, interpolation):
    if interpolation == "nearest":
        return picture[math.floor(row + 0.5), math.floor(column + 0.5)]
    top, left = math.floor(row), math.floor(column)
    bottom, right = math.ceil(row), math.ceil(column)
    upper = picture[top, left] + (picture[top, right] - picture[top, left]) * (column - left)
    lower = picture[bottom, left] + (picture[bottom, right] - picture[bottom, left]) * (
        column - left
    )
    return upper + (lower - upper) * (row - top)


def windows(x, draws, size):
    """A window of each picture: draws (n, 2) in [0, 1) choose among the places where it fits."""
    starts = [
        [
            math.floor(float(u) * (length - side + 1))
            for u, length, side in zip(two, x.shape[1:3], size, strict=True)
        ]
        for two in draws
    ]
    return np.stack(
        [
            picture[top : top + size[0], left : left + size[1]]
            for picture, (top, left) in zip(exact(x), starts, strict=True)
        ]
    )
