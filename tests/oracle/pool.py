"""Pooling, one window at a time, over the pixels that exist."""

import numpy as np

from tests.oracle.gradient import exact
from tests.oracle.padding import pixels


def pool(x, size, *, strides=None, padding="valid", reduce):
    """x (n, h, w, c) -> (n, h', w', c); reduce is np.max or np.mean of a window's real pixels."""
    strides = strides or size
    pads = pixels(padding, x.shape[1:3], size, strides)
    _, h, w, _ = x.shape
    rows, columns = (
        range(-before, length + after - k + 1, s)
        for length, (before, after), k, s in zip((h, w), pads, size, strides, strict=True)
    )
    if not rows or not columns:
        return np.zeros((len(x), len(rows), len(columns), x.shape[-1]))
    return np.stack(
        [
            np.stack(
                [
                    reduce(
                        exact(x[:, max(i, 0) : i + size[0], max(j, 0) : j + size[1]]),
                        axis=(1, 2),
                    )
                    for j in columns
                ],
                axis=1,
            )
            for i in rows
        ],
        axis=1,
    )


def global_pool(x, *, reduce, keepdims=False):
    """x (n, h, w, c) -> (n, c), or (n, 1, 1, c); reduce is np.max or np.mean of a whole map."""
    n, _, _, channels = x.shape
    y = np.array([[reduce(exact(x[i, :, :, c])) for c in range(channels)] for i in range(n)])
    return y[:, None, None, :] if keepdims else y


def depth_pool(x, size):
    """x (n, h, w, c) -> (n, h, w, c / size): the largest of each `size` neighbouring channels."""
    groups = range(0, x.shape[-1], size)
    return np.stack([np.max(exact(x[..., c : c + size]), axis=-1) for c in groups], axis=-1)
