"""Depthwise convolution on NHWC tensors: each channel has kernels of its own.

A separable convolution is one, and a 1x1 convolution after it.
"""

from __future__ import annotations

from typing import Any

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import AxisPadding
from .arrays import takes_arrays
from .conv import conv2d_nchw, conv2d_oihw
from .kernel import check_bias, check_kernel
from .padding import parse_padding
from .window import check_window

__all__ = ["depthwise_conv2d", "separable_conv2d_oihw"]


@takes_arrays
def depthwise_conv2d(
    images: Float[Tensor, "n h w c"],
    filters: Float[Tensor, "kh kw c m"],
    strides: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    *,
    bias: Float[Tensor, "cm"] | None = None,
    dilation_rate: int | tuple[int, int] = 1,
) -> Float[Tensor, "n oh ow cm"]:
    """Slides over each channel the m filters that are its own: y[..., c m + q] sees channel c.

    y[n,i,j,c m + q] = b[c m + q] + sum over u,v of x[n, i s + u d, j s + v d, c] k[u,v,c,q].

    Args:
        filters: kernels in Keras' order, height, width, channels, filters a channel.
        strides: distance from one window to the next, in pixels: a number, a pair, or TensorFlow's
            (1, h, w, 1).
        padding: as in `conv2d`.
        dilation_rate: distance from one tap to the next, in pixels; 1: side by side.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', c m), h' = floor((h + top + bottom - (kh - 1) d - 1) / s) + 1

    Raises:
        ArgumentError: a padding word, or a size below 1.
        ShapeError: images or filters that are not 4-dimensional, channels that differ, a bias of
            another size, or images smaller than the window.

    Example:
        >>> import torch
        >>> depthwise_conv2d(torch.zeros(2, 70, 120, 3), torch.zeros(7, 7, 3, 2)).shape
        torch.Size([2, 64, 114, 6])
    """
    place = "depthwise_conv2d"
    steps = _check.window(place, "strides", strides)
    sides = parse_padding(place, padding)
    dilation = _check.pair(place, "dilation_rate", dilation_rate)
    layout = "(height, width, channels, filters a channel)"
    check_kernel(place, images, filters, layout=layout, axis=2)
    h, w, c, m = filters.shape
    check_bias(place, bias, c * m)
    check_window(place, images.shape, (h, w), sides, dilation)
    return conv2d_oihw(
        images,
        filters.permute(2, 3, 0, 1).reshape(c * m, h, w, 1).permute(0, 3, 1, 2),
        bias,
        strides=steps,
        padding=sides,
        dilation=dilation,
        groups=c,
    )


def separable_conv2d_oihw(
    x: Tensor,
    depthwise: Tensor,
    pointwise: Tensor,
    bias: Tensor | None,
    *,
    strides: tuple[int, int],
    padding: tuple[AxisPadding, AxisPadding],
    dilation: tuple[int, int],
    relu: bool = False,
) -> Tensor:
    """A depthwise and then a 1x1 convolution, with PyTorch's kernel order: what the layer calls.

    `relu` is then applied where the result stands, as in `conv2d_oihw`.
    """
    x_nchw, channels = x.permute(0, 3, 1, 2), x.shape[3]
    seen_nchw = conv2d_nchw(x_nchw, depthwise, None, strides, padding, dilation, channels)
    y_nchw = F.conv2d(seen_nchw, pointwise, bias)
    return (y_nchw.relu_() if relu else y_nchw).permute(0, 2, 3, 1)
