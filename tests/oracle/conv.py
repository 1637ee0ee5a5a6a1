"""Convolution, one output number at a time."""

import numpy as np

from tests.oracle.gradient import exact
from tests.oracle.padding import pixels


def conv2d(x, filters, bias=None, *, strides=(1, 1), padding="valid", dilation=(1, 1), groups=1):
    """x (n, h, w, c), filters (kh, kw, c / groups, f) -> (n, h', w', f), in float64."""
    kh, kw, depth, f = filters.shape
    pads = pixels(padding, x.shape[1:3], (kh, kw), strides, dilation)
    x = np.pad(exact(x), ((0, 0), *pads, (0, 0)))
    n, h, w, _ = x.shape
    rows = range(0, h - (kh - 1) * dilation[0], strides[0])
    columns = range(0, w - (kw - 1) * dilation[1], strides[1])
    y = np.zeros((n, len(rows), len(columns), f), np.result_type(x, exact(filters)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = x[:, top :: dilation[0], left :: dilation[1]][:, :kh, :kw]
            for out in range(f):
                first = out // (f // groups) * depth
                seen = window[..., first : first + depth]
                y[:, i, j, out] = (seen * filters[..., out]).sum(axis=(1, 2, 3))
    return y if bias is None else y + bias
