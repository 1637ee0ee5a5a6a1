"""What "same" adds, written out: the judge of shapes.same_padding."""

import math


def pixels(padding, sizes, kernel, strides, dilation=(1, 1)):
    """((top, bottom), (left, right)) of any way to write a padding."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        return tuple(map(same, sizes, kernel, strides, dilation))
    if isinstance(padding, int):
        return (padding, padding), (padding, padding)
    return tuple(p if isinstance(p, tuple) else (p, p) for p in padding)


def same(size, kernel, stride, dilation=1):
    """Pixels before and after, so that ceil(size / stride) windows fit."""
    windows = math.ceil(size / stride)
    missing = 0
    while size + missing < (windows - 1) * stride + dilation * (kernel - 1) + 1:
        missing += 1
    return missing // 2, missing - missing // 2
