"""Resizing: each output pixel is a weighted mean of input pixels, one axis after the other."""

import math

import numpy as np

from tests.oracle.gradient import exact


def resize(x, size, interpolation="bilinear", antialias=False):
    """x (n, h, w, c) -> (n, height, width, c), in float64."""
    rows = weights(x.shape[1], size[0], interpolation, antialias)
    columns = weights(x.shape[2], size[1], interpolation, antialias)
    return np.einsum("ih,jw,nhwc->nijc", rows, columns, exact(x))


def weights(length, size, interpolation, antialias):
    """(size, length): how much of each input pixel is in each output pixel."""
    table = np.zeros((size, length))
    wide = max(length / size, 1.0) if antialias else 1.0
    for i in range(size):
        center = (i + 0.5) * length / size - 0.5
        if interpolation == "nearest":
            table[i, min(math.floor((i + 0.5) * length / size), length - 1)] = 1.0
            continue
        for j in range(-6 * math.ceil(wide), length + 6 * math.ceil(wide)):
            weight = KERNELS[interpolation](abs(center - j) / wide)
            if 0 <= j < length:
                table[i, j] += weight
            elif interpolation == "bilinear" and not antialias:
                table[i, min(max(j, 0), length - 1)] += weight
        table[i] /= table[i].sum()
    return table


def triangle(d):
    return max(1.0 - d, 0.0)


def keys(d, a=-0.5):
    if d < 1:
        return (a + 2) * d**3 - (a + 3) * d**2 + 1
    return a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a if d < 2 else 0.0


KERNELS = {"bilinear": triangle, "bicubic": keys}
