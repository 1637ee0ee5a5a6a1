"""Output sizes, multiply-adds and bytes: the arithmetic, written once; windows.py goes on with it.

No torch here, and nothing that breaks on a symbolic size: no `int()`, no branch on a size, and
`max` is passed in where a symbolic one is needed. Everything is for one axis unless it says
otherwise; `None` stands for a size that is not known yet and stays `None`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "MOST_SIDE_PX",
    "AxisPadding",
    "Cost",
    "Shape",
    "Size",
    "ceil_div",
    "conv_multiply_adds",
    "conv_parameters",
    "dense_multiply_adds",
    "dense_parameters",
    "element_count",
    "floor_div",
    "kernel_extent",
    "output_size",
    "reshaped",
    "same_padding",
    "scaled_output",
    "spatial_output",
    "tensor_bytes",
    "transposed_cut",
    "transposed_output",
]

Size = Any
"""An int, a symbolic integer, or None for a size not known yet."""
Shape = tuple[Any, ...]
AxisPadding = str | tuple[int, int]
"""The padding of one axis: "valid", "same", or (before, after) in pixels."""

MOST_SIDE_PX = 2**16
"""Of a picture that a net is planned for: those of far greater ones overflow 64 bits."""


def ceil_div(a: Size, b: Size) -> Size:
    """The quotient a / b, rounded up."""
    return -(-a // b)


def floor_div(a: Size, b: Size) -> Size:
    """The quotient a / b, rounded down; None for an a not known."""
    return None if a is None else a // b


def kernel_extent(kernel: Size, dilation: Size = 1) -> Size:
    """Pixels from the first to the last tap of a dilated kernel: (k - 1) d + 1."""
    return (kernel - 1) * dilation + 1


def output_size(
    size: Size, *, kernel: Size, stride: Size = 1, dilation: Size = 1, padding: AxisPadding
) -> Size:
    """Positions of a sliding window.

    valid: floor((i - e) / s) + 1, e the extent of the kernel; same: ceil(i / s);
    (before, after): floor((i + before + after - e) / s) + 1.

    Example:
        >>> output_size(70, kernel=7, padding="valid"), output_size(70, kernel=7, padding="same")
        (64, 70)
    """
    if size is None:
        return None
    if padding == "same":
        return ceil_div(size, stride)
    before, after = (0, 0) if isinstance(padding, str) else padding
    return (size + before + after - kernel_extent(kernel, dilation)) // stride + 1


def same_padding(
    size: Size,
    *,
    kernel: Size,
    stride: Size = 1,
    dilation: Size = 1,
    max: Callable[[Any, Any], Any] = max,
) -> tuple[Size, Size]:
    """Pixels (before, after) that "same" adds: (o - 1) s + e - i in all, the odd one after.

    Example:
        >>> same_padding(70, kernel=7, stride=2), same_padding(224, kernel=3, stride=2)
        ((2, 3), (0, 1))
    """
    if stride == 1:
        total = kernel_extent(kernel, dilation) - 1
    else:
        positions = ceil_div(size, stride)
        total = max((positions - 1) * stride + kernel_extent(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


def spatial_output(
    shape: Sequence[Size],
    *,
    kernel: Sequence[Size],
    strides: Sequence[Size],
    dilation: Sequence[Size] = (1, 1),
    padding: Sequence[AxisPadding],
    channels: Size,
) -> Shape:
    """(n, h', w', channels) of a window that slides over (n, h, w, c)."""
    n, h, w, _ = shape
    sizes = (
        output_size(i, kernel=k, stride=s, dilation=d, padding=p)
        for i, k, s, d, p in zip((h, w), kernel, strides, dilation, padding, strict=True)
    )
    return (n, *sizes, channels)


def transposed_cut(
    *,
    kernel: int,
    stride: int = 1,
    dilation: int = 1,
    padding: AxisPadding,
    output_padding: int | None = None,
) -> tuple[int, int]:
    """Pixels (before, after) cut off the (i - 1) s + e of a whole transposed convolution.

    A negative number adds so many empty pixels. same: i s are left, with an output padding
    (i - 1) s + e mod 2 + it; valid: none is cut, and i s are reached where the kernel is smaller
    than the stride; (before, after): these. The odd pixel is cut after.

    Example:
        >>> transposed_cut(kernel=3, stride=2, padding="same")
        (0, 1)
    """
    extent = kernel_extent(kernel, dilation)
    if padding == "same":
        left = stride if output_padding is None else extent % 2 + output_padding
        before: int = max(extent - left, 0) // 2
        return before, extent - left - before
    if padding == "valid":
        return 0, -(max(stride - extent, 0) if output_padding is None else output_padding)
    return int(padding[0]), int(padding[1]) - (output_padding or 0)


def transposed_output(
    shape: Sequence[Size],
    *,
    kernel: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int] = (1, 1),
    cut: Sequence[tuple[int, int]],
    channels: Size,
) -> Shape:
    """(n, h', w', channels) of a transposed convolution of (n, h, w, c): (i - 1) s + e - cut.

    Example:
        >>> transposed_output(
        ...     (1, 7, None, 8), kernel=(3, 3), strides=(2, 2), cut=((0, 1), (1, 1)), channels=4
        ... )
        (1, 14, None, 4)
    """
    n, h, w, _ = shape
    sizes = (
        None if i is None else (i - 1) * s + kernel_extent(k, d) - sum(c)
        for i, k, s, d, c in zip((h, w), kernel, strides, dilation, cut, strict=True)
    )
    return (n, *sizes, channels)


def scaled_output(shape: Sequence[Size], *, factors: Sequence[int], channels: Size) -> Shape:
    """(n, h fh, w fw, channels): each pixel of (n, h, w, c) becomes fh x fw of them.

    Example:
        >>> scaled_output((1, 17, None, 9), factors=(3, 3), channels=1)
        (1, 51, None, 1)
    """
    n, h, w, _ = shape
    grown = (None if size is None else size * by for size, by in zip((h, w), factors, strict=True))
    return (n, *grown, channels)


def reshaped(sizes: Sequence[Size], target: Sequence[int]) -> Shape:
    """The target with its -1 replaced by what its other sizes leave; None if that is not known.

    Example:
        >>> reshaped((7, 7, 4), (-1, 4)), reshaped((None, 7, 4), (-1, 4))
        ((49, 4), (None, 4))
    """
    known = math.prod(size for size in target if size != -1)
    left = floor_div(element_count(sizes), known)
    return tuple(left if size == -1 else size for size in target)


def element_count(shape: Sequence[Size]) -> Size:
    """Product of the sizes, or None if one of them is not known."""
    return None if any(s is None for s in shape) else math.prod(shape)


def tensor_bytes(shape: Sequence[Size], *, element_bytes: int = 4) -> Size:
    """Bytes of a tensor of this shape, or None if a size is not known."""
    count = element_count(shape)
    return None if count is None else count * element_bytes


def conv_parameters(
    *, kernel: Sequence[int], channels: int, filters: int, groups: int = 1, use_bias: bool = True
) -> int:
    """kh kw (c / groups) f weights, and f biases.

    Example:
        >>> conv_parameters(kernel=(5, 5), channels=3, filters=200)
        15200
    """
    return math.prod(kernel) * (channels // groups) * filters + (filters if use_bias else 0)


def conv_multiply_adds(
    output: Sequence[Size], *, kernel: Sequence[int], channels: int, groups: int = 1
) -> Size:
    """n h' w' f kh kw c / groups, for an output (n, h', w', f); None if a size is not known.

    Example:
        >>> conv_multiply_adds((1, 100, 150, 200), kernel=(5, 5), channels=3)
        225000000
    """
    count = element_count(output)
    return None if count is None else count * math.prod(kernel) * (channels // groups)


def dense_parameters(*, inputs: int, units: int, use_bias: bool = True) -> int:
    """inputs x units weights, and one bias a unit."""
    return inputs * units + (units if use_bias else 0)


def dense_multiply_adds(shape: Sequence[Size], *, units: int) -> Size:
    """One multiply-add for each element of the input (n, ..., c) and each unit."""
    count = element_count(shape)
    return None if count is None else count * units


@dataclass(frozen=True)
class Cost:
    """What one layer costs for one input shape.

    Args:
        output_shape: (n, ..., c) of the result.
        parameters: how many numbers the layer holds, trainable or not.
        multiply_adds: of the forward pass, for the whole batch; None if a size is not known.
        output_bytes: of the result in training, in float32; 0 for a view of the input; None if
            not known. In inference dropout and the like give the input itself.
    """

    output_shape: Shape
    parameters: int
    multiply_adds: int | None
    output_bytes: int | None
