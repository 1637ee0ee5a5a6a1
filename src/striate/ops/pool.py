"""Pooling on NHWC tensors: the largest or the mean of every window, channel by channel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import AxisPadding, ceil_div, output_size
from .arrays import takes_arrays
from .depth_pool import depth_pool
from .padding import PaddingPx, padding_px, parse_padding
from .window import check_window

__all__ = [
    "Window",
    "avg_pool",
    "avg_pool_window",
    "global_avg_pool",
    "global_max_pool",
    "max_pool",
    "max_pool_window",
    "parse_window",
]


class Window(NamedTuple):
    """A pooling window whose arguments are checked: what the layers keep.

    `even` is the padding that torch can make itself, where it does not hang on the input's size.
    """

    size: tuple[int, int]
    strides: tuple[int, int]
    padding: tuple[AxisPadding, AxisPadding]
    even: tuple[int, int] | None


def parse_window(place: str, pool_size: Any, strides: Any, padding: Any) -> Window:
    """Checks the arguments of a pooling; strides None means as far as the window is wide.

    Raises:
        ArgumentError: a size below 1, an unknown word, or padding as wide as the window, which
            would leave windows without a pixel.
    """
    size = _check.pair(place, "pool_size", pool_size)
    steps = size if strides is None else _check.pair(place, "strides", strides)
    sides = parse_padding(place, padding)
    for side, window in zip(sides, size, strict=True):
        if not isinstance(side, str) and max(side) >= window:
            fix = "Use less padding or a larger window."
            _check.fail(place, "padding", f"be smaller than pool_size={size}", padding, fix)
    top, left = map(_even, sides, size)
    return Window(size, steps, sides, None if top is None or left is None else (top, left))


def _even(side: AxisPadding, window: int) -> int | None:
    if isinstance(side, str):
        return 0 if side == "valid" else None
    return side[0] if side[0] == side[1] and 2 * side[0] <= window else None


@takes_arrays
def max_pool(
    images: Float[Tensor, "n h w c"],
    pool_size: int | tuple[int, ...] = 2,
    strides: int | tuple[int, ...] | None = None,
    padding: Any = "valid",
) -> Float[Tensor, "n oh ow oc"]:
    """The largest value of each window; padded pixels never win (they count as -inf).

    Args:
        pool_size: of the window, or TensorFlow's four numbers: (1, h, w, 1), or (1, 1, 1, k) with
            the same strides, which is `depth_pool(images, k)`.
        strides: distance from one window to the next, in pixels. Default None: as far as the
            window is wide.
        padding: as in `conv2d`.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Raises:
        ArgumentError: a size below 1, a padding word, padding as wide as the window, or four
            numbers of another form.
        ShapeError: images that are not 4-dimensional or smaller than the window, or channels that
            the k of (1, 1, 1, k) does not divide.

    Example:
        >>> window = torch.tensor([[1.0, 5.0], [3.0, 2.0]])[None, :, :, None]
        >>> max_pool(window).item()
        5.0
    """
    depth = _parse_depth("max_pool", pool_size, strides, padding)
    if depth is not None:
        return depth_pool(images, depth)
    return max_pool_window(images, _parse_either("max_pool", images, pool_size, strides, padding))


def _parse_depth(place: str, pool_size: Any, strides: Any, padding: Any) -> int | None:
    """The k of TensorFlow's pooling along the channels, (1, 1, 1, k); None for any other."""
    four = isinstance(pool_size, list | tuple) and len(pool_size) == 4
    if not four or tuple(pool_size[:3]) != (1, 1, 1) or pool_size[3] == 1:
        return None
    k = _check.positive_int(place, "pool_size", pool_size[3])
    if strides is not None and (
        not isinstance(strides, list | tuple) or tuple(strides) != (1, 1, 1, k)
    ):
        rule = f"be (1, 1, 1, {k}), as pool_size, or None"
        _check.fail(place, "strides", rule, strides, "Groups of channels do not overlap.")
    if padding not in ("valid", "same"):
        rule = 'be "valid" or "same" where pool_size goes along the channels'
        _check.fail(place, "padding", rule, padding)
    return k


def _parse_either(place: str, images: Tensor, pool_size: Any, strides: Any, padding: Any) -> Window:
    """`parse_window` for images, of sizes that may also be TensorFlow's (1, h, w, 1)."""
    size = _check.window(place, "pool_size", pool_size)
    steps = None if strides is None else _check.window(place, "strides", strides)
    window = parse_window(place, size, steps, padding)
    _check.rank(place, images.shape, 4, "(n, h, w, c)")
    check_window(place, images.shape, window.size, window.padding)
    return window


def max_pool_window(images: Tensor, window: Window, *, relu: bool = False) -> Tensor:
    """`max_pool` with its arguments already checked: what the layer calls.

    `relu` is then applied where the result stands.
    """
    if _can_be_halved(images, window):
        y = _halved(images)
        return y.relu_() if relu else y
    x_nchw, even, ceil, _ = _place(images, window, -torch.inf)
    y_nchw = F.max_pool2d(x_nchw, window.size, window.strides, even, ceil_mode=ceil)
    return (y_nchw.relu_() if relu else y_nchw).permute(0, 2, 3, 1)


def _can_be_halved(images: Tensor, window: Window) -> bool:
    """Whether windows of 2 x 2 side by side, of which no gradient is asked, are worth it."""
    if window.size != (2, 2) or window.strides != (2, 2) or window.even != (0, 0):
        return False
    if images.device.type != "cpu" or torch.compiler.is_compiling():
        return False
    if images.requires_grad and torch.is_grad_enabled():
        return False
    return math.prod(images.shape[1:]) >= _WORTH_HALVING


def _halved(images: Tensor) -> Tensor:
    """The largest of each pair of rows, then of each pair of columns.

    On a processor this is twice as fast as torch's pooling, which also notes where it was.
    """
    height, width = images.shape[1] // 2 * 2, images.shape[2] // 2 * 2
    rows = torch.maximum(images[:, 0:height:2], images[:, 1:height:2])
    return torch.maximum(rows[:, :, 0:width:2], rows[:, :, 1:width:2])


_WORTH_HALVING = 4_000
"""Numbers in a sample below which one call is faster than two."""


@takes_arrays
def avg_pool(
    images: Float[Tensor, "n h w c"],
    pool_size: int | tuple[int, ...] = 2,
    strides: int | tuple[int, ...] | None = None,
    padding: Any = "valid",
) -> Float[Tensor, "n oh ow c"]:
    """The mean of each window over the pixels that exist: padding is not counted.

    Args:
        pool_size: of the window, also as TensorFlow's four numbers (1, h, w, 1).
        strides: distance from one window to the next, in pixels. Default None: as far as the
            window is wide.
        padding: as in `conv2d`.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c), h' = floor((h + top + bottom - pool) / stride) + 1

    Raises:
        ArgumentError: a size below 1, a padding word, or padding as wide as the window.
        ShapeError: images that are not 4-dimensional or smaller than the window.

    Example:
        >>> avg_pool(torch.ones(1, 3, 3, 1), 2, padding="same").flatten().tolist()
        [1.0, 1.0, 1.0, 1.0]
    """
    _check.floating("avg_pool", "images", images)
    return avg_pool_window(images, _parse_either("avg_pool", images, pool_size, strides, padding))


def avg_pool_window(images: Tensor, window: Window) -> Tensor:
    """`avg_pool` with its arguments already checked: what the layer calls."""
    x_nchw, even, ceil, sides = _place(images, window, 0.0)
    size, strides = window.size, window.strides
    if sides is None:
        y_nchw = F.avg_pool2d(x_nchw, size, strides, even, ceil, count_include_pad=False)
        return y_nchw.permute(0, 2, 3, 1)
    pixel = torch.ones_like(images[:1, :, :, :1]).permute(0, 3, 1, 2)
    total = F.avg_pool2d(x_nchw, size, strides, divisor_override=1)
    count = F.avg_pool2d(F.pad(pixel, _flat(sides)), size, strides, divisor_override=1)
    return (total / count).permute(0, 2, 3, 1)


def global_avg_pool(
    images: Float[Tensor, "n h w c"], *, keepdims: bool = False
) -> Float[Tensor, "n *o c"]:
    """The mean of each whole feature map: (n, h, w, c) to (n, c), or (n, 1, 1, c).

    Raises:
        ShapeError: images that are not 4-dimensional.
        ArgumentError: images of whole numbers.
    """
    _check.rank("global_avg_pool", images.shape, 4, "(n, h, w, c)")
    _check.floating("global_avg_pool", "images", images)
    return images.mean(dim=(1, 2), keepdim=keepdims)


def global_max_pool(
    images: Float[Tensor, "n h w c"], *, keepdims: bool = False
) -> Float[Tensor, "n *o c"]:
    """The largest value of each whole feature map: (n, h, w, c) to (n, c), or (n, 1, 1, c).

    Raises:
        ShapeError: images that are not 4-dimensional.
    """
    _check.rank("global_max_pool", images.shape, 4, "(n, h, w, c)")
    return images.amax(dim=(1, 2), keepdim=keepdims)


def _place(
    images: Tensor, window: Window, value: float
) -> tuple[Tensor, tuple[int, int], bool, PaddingPx | None]:
    """(x_nchw, even padding, whether to round up, what was padded by hand or None).

    torch's pooling pads evenly and at most half a window, and can let the last window stand out
    of the picture (`ceil`): nearly all of "same" is one of these and needs no copy of the picture.
    """
    x_nchw = images.permute(0, 3, 1, 2)
    if window.even is not None:
        return x_nchw, window.even, False, None
    sizes = images.shape[1:3]
    sides = padding_px(sizes, window.padding, kernel=window.size, strides=window.strides)
    for ceil in (False, True):
        if _fits_kernel(sizes, sides, window, ceil):
            return x_nchw, (sides[0][0], sides[1][0]), ceil, None
    return F.pad(x_nchw, _flat(sides), value=value), (0, 0), False, sides


def _fits_kernel(sizes: Sequence[Any], sides: PaddingPx, window: Window, ceil: bool) -> bool:
    """Whether torch's own padding makes the same windows over the same pixels."""
    for size, (before, after), k, s in zip(sizes, sides, window.size, window.strides, strict=True):
        if not (isinstance(before, int) and isinstance(after, int)) or 2 * before > k:
            return False
        if before == after and not ceil:
            continue
        if not ceil or not isinstance(size, int) or after < before:
            return False
        wanted = output_size(size, kernel=k, stride=s, padding=(before, after))
        if ceil_div(size + 2 * before - k, s) + 1 != wanted:
            return False
    return True


def _flat(sides: PaddingPx) -> tuple[Any, Any, Any, Any]:
    (top, bottom), (left, right) = sides
    return left, right, top, bottom
