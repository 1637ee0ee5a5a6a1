"""Convolution (cross-correlation, as every convnet library has it) on NHWC tensors."""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import AxisPadding
from .arrays import takes_arrays
from .conv_product import conv2d_by_product, is_by_product
from .kernel import check_bias, check_kernel
from .padding import PaddingPx, padding_px, parse_padding
from .window import check_window

__all__ = ["conv2d", "conv2d_nchw", "conv2d_oihw", "last_axis_first"]


@takes_arrays
def conv2d(
    images: Float[Tensor, "n h w c"],
    filters: Float[Tensor, "kh kw cg f"],
    strides: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    *,
    bias: Float[Tensor, "f"] | None = None,
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Float[Tensor, "n oh ow f"]:
    """Slides filters over images: y[n,i,j,f] = b[f] + sum x[n, i s + u d, j s + v d, c] k[u,v,c,f].

    Args:
        filters: kernels in Keras' order, height, width, channels / groups, filters.
        strides: distance from one window to the next, in pixels: a number, a pair, or TensorFlow's
            (1, h, w, 1).
        padding: "valid", "same" (Keras': the odd row and column go bottom and right), pixels,
            (h, w) or ((top, bottom), (left, right)).
        dilation_rate: distance from one tap to the next, in pixels; 1: side by side.
        groups: the channels and filters are cut into so many groups that do not see each other.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', filters), h' = floor((h + top + bottom - (kh - 1) d - 1) / s) + 1

    Raises:
        ArgumentError: a padding word, a size below 1, or groups that do not divide the filters.
        ShapeError: images or filters that are not 4-dimensional, channels that do not fit each
            other, a bias of another size, or images smaller than the window.

    Example:
        >>> import torch
        >>> conv2d(torch.zeros(2, 70, 120, 3), torch.zeros(7, 7, 3, 2), padding="same").shape
        torch.Size([2, 70, 120, 2])
    """
    place = "conv2d"
    steps = _check.window(place, "strides", strides)
    sides = parse_padding(place, padding)
    dilation = _check.pair(place, "dilation_rate", dilation_rate)
    groups = _check.positive_int(place, "groups", groups)
    layout = "(height, width, channels / groups, filters)"
    check_kernel(place, images, filters, layout=layout, axis=2, groups=groups)
    if filters.shape[3] % groups:
        fix = f"Use groups that divide {filters.shape[3]} filters."
        _check.fail(place, "groups", "divide the filters", groups, fix)
    check_bias(place, bias, filters.shape[3])
    check_window(place, images.shape, filters.shape[:2], sides, dilation)
    return conv2d_oihw(
        images,
        last_axis_first(filters),
        bias,
        strides=steps,
        padding=sides,
        dilation=dilation,
        groups=groups,
    )


def conv2d_oihw(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    strides: tuple[int, int],
    padding: tuple[AxisPadding, AxisPadding],
    dilation: tuple[int, int],
    groups: int,
    relu: bool = False,
) -> Tensor:
    """`conv2d` with PyTorch's kernel order and arguments already checked: what the layers call.

    `relu` is then applied where the result stands: no second tensor of its size is made, which
    on a processor costs more than the arithmetic, since its pages must be mapped anew.
    """
    x_nchw = x.permute(0, 3, 1, 2)
    y_nchw = conv2d_nchw(x_nchw, weight, bias, strides, padding, dilation, groups)
    return (y_nchw.relu_() if relu else y_nchw).permute(0, 2, 3, 1)


def conv2d_nchw(
    x_nchw: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    strides: tuple[int, int],
    padding: tuple[AxisPadding, AxisPadding],
    dilation: tuple[int, int],
    groups: int,
) -> Tensor:
    """`conv2d_oihw` on the view (n, c, h, w) of the images: for steps that follow each other."""
    kernel = (weight.shape[2], weight.shape[3])
    sides = padding_px(x_nchw.shape[2:], padding, kernel=kernel, strides=strides, dilation=dilation)
    x_nchw, symmetric = _pad_where_uneven(x_nchw, sides)
    if is_by_product(x_nchw, weight, strides, symmetric, dilation, groups):
        return conv2d_by_product(x_nchw, weight, bias, strides, symmetric)
    return F.conv2d(x_nchw, weight, bias, strides, symmetric, dilation, groups)


def last_axis_first(filters: Tensor) -> Tensor:
    """Kernels (h, w, a, b) as (b, a, h, w): Keras' order as PyTorch's.

    Where b is 1, a plain permutation would have strides that hide the layout, and torch's gradient
    of such kernels fails.
    """
    h, w, a, b = filters.shape
    if b == 1:
        return filters.reshape(1, h, w, a).permute(0, 3, 1, 2)
    return filters.permute(3, 2, 0, 1)


def _pad_where_uneven(
    x_nchw: Tensor, sides: PaddingPx, value: float = 0.0
) -> tuple[Tensor, tuple[int, int]]:
    """Pads what the kernel cannot pad itself, and returns the even padding that it can."""
    (top, bottom), (left, right) = sides
    known = isinstance(top, int) and isinstance(left, int)
    if known and top == bottom and left == right:
        return x_nchw, (top, left)
    return F.pad(x_nchw, (left, right, top, bottom), value=value), (0, 0)
