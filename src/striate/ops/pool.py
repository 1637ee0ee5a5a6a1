"""Pooling on NHWC tensors: the largest or the mean of every window, channel by channel."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from .padding import PaddingPx, padding_px, parse_padding

__all__ = ["avg_pool", "global_avg_pool", "global_max_pool", "max_pool"]


def max_pool(
    images: Float[Tensor, "n h w c"],
    pool_size: int | tuple[int, int] = 2,
    *,
    strides: int | tuple[int, int] | None = None,
    padding: Any = "valid",
) -> Float[Tensor, "n oh ow c"]:
    """The largest value of each window; padded pixels never win (they count as -inf).

    Args:
        pool_size: of the window.
        strides: pixels between two windows. Default None: as far as the window is wide.
        padding: as in `conv2d`.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Example:
        >>> window = torch.tensor([[1.0, 5.0], [3.0, 2.0]])[None, :, :, None]
        >>> max_pool(window).item()
        5.0
    """
    window, steps, sides = _window("max_pool", images, pool_size, strides, padding)
    x_nchw = images.permute(0, 3, 1, 2)
    if _fits_kernel(sides, window):
        even = (sides[0][0], sides[1][0])
    else:
        x_nchw, even = F.pad(x_nchw, _flat(sides), value=-torch.inf), (0, 0)
    return F.max_pool2d(x_nchw, window, steps, even).permute(0, 2, 3, 1)


def avg_pool(
    images: Float[Tensor, "n h w c"],
    pool_size: int | tuple[int, int] = 2,
    *,
    strides: int | tuple[int, int] | None = None,
    padding: Any = "valid",
) -> Float[Tensor, "n oh ow c"]:
    """The mean of each window over the pixels that exist: padding is not counted.

    Args:
        pool_size: of the window.
        strides: pixels between two windows. Default None: as far as the window is wide.
        padding: as in `conv2d`.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Example:
        >>> avg_pool(torch.ones(1, 3, 3, 1), 2, padding="same").flatten().tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    window, steps, sides = _window("avg_pool", images, pool_size, strides, padding)
    x_nchw = images.permute(0, 3, 1, 2)
    if _fits_kernel(sides, window):
        even = (sides[0][0], sides[1][0])
        y_nchw = F.avg_pool2d(x_nchw, window, steps, even, count_include_pad=False)
        return y_nchw.permute(0, 2, 3, 1)
    x_nchw = F.pad(x_nchw, _flat(sides))
    inside = F.pad(torch.ones_like(images[:1, :, :, :1]).permute(0, 3, 1, 2), _flat(sides))
    total = F.avg_pool2d(x_nchw, window, steps, divisor_override=1)
    count = F.avg_pool2d(inside, window, steps, divisor_override=1)
    return (total / count).permute(0, 2, 3, 1)


def global_avg_pool(
    images: Float[Tensor, "n h w c"], *, keepdims: bool = False
) -> Float[Tensor, "n *o c"]:
    """The mean of each whole feature map: (n, h, w, c) to (n, c), or (n, 1, 1, c)."""
    return images.mean(dim=(1, 2), keepdim=keepdims)


def global_max_pool(
    images: Float[Tensor, "n h w c"], *, keepdims: bool = False
) -> Float[Tensor, "n *o c"]:
    """The largest value of each whole feature map: (n, h, w, c) to (n, c), or (n, 1, 1, c)."""
    return images.amax(dim=(1, 2), keepdim=keepdims)


def _window(
    place: str, images: Tensor, pool_size: Any, strides: Any, padding: Any
) -> tuple[tuple[int, int], tuple[int, int], PaddingPx]:
    window = _check.pair(place, "pool_size", pool_size)
    steps = window if strides is None else _check.pair(place, "strides", strides)
    parsed = parse_padding(place, padding)
    return window, steps, padding_px(images.shape[1:3], parsed, kernel=window, strides=steps)


def _fits_kernel(sides: PaddingPx, window: tuple[int, int]) -> bool:
    """PyTorch's pooling pads evenly, and at most half a window."""
    return all(
        isinstance(before, int) and before == after and 2 * before <= size
        for (before, after), size in zip(sides, window, strict=True)
    )


def _flat(sides: PaddingPx) -> tuple[Any, Any, Any, Any]:
    (top, bottom), (left, right) = sides
    return left, right, top, bottom
