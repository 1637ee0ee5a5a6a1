"""Transposed convolution on NHWC tensors: the gradient of a convolution, used as a layer."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..shapes import transposed_cut
from .arrays import takes_arrays
from .conv import last_axis_first
from .kernel import check_bias, check_kernel
from .padding import parse_padding

__all__ = ["TransposedWindow", "conv2d_transpose", "conv2d_transpose_iohw", "parse_transposed"]


class TransposedWindow(NamedTuple):
    """A transposed convolution whose arguments are checked: what the layer keeps.

    `cut` is what comes off the whole result, ((top, bottom), (left, right)); torch cuts evenly by
    `even`, gives `more` rows and columns back below and right, and `rest` is cut by hand.
    """

    strides: tuple[int, int]
    dilation: tuple[int, int]
    cut: tuple[tuple[int, int], tuple[int, int]]
    even: tuple[int, int]
    more: tuple[int, int]
    rest: tuple[int, int, int, int] | None


def parse_transposed(
    place: str,
    kernel: tuple[int, int],
    *,
    strides: Any,
    padding: Any,
    output_padding: Any,
    dilation_rate: Any,
) -> TransposedWindow:
    """Checks the arguments of a transposed convolution.

    Raises:
        ArgumentError: a size below 1, an unknown word, or an output padding that is not smaller
            than the strides.
    """
    steps = _check.window(place, "strides", strides)
    dilation = _check.pair(place, "dilation_rate", dilation_rate)
    sides = parse_padding(place, padding)
    added: tuple[int | None, int | None] = (None, None)
    if output_padding is not None:
        added = top, left = _check.pair(place, "output_padding", output_padding, 0)
        if top >= steps[0] or left >= steps[1]:
            rule = f"be smaller than strides={steps}"
            _check.fail(place, "output_padding", rule, output_padding, "Use 0 or larger strides.")
    rows, columns = (
        transposed_cut(kernel=k, stride=s, dilation=d, padding=side, output_padding=more)
        for k, s, d, side, more in zip(kernel, steps, dilation, sides, added, strict=True)
    )
    down, across = map(_split, (rows, columns), steps, dilation)
    rest = (-across[2], -across[3], -down[2], -down[3])
    return TransposedWindow(
        steps,
        dilation,
        (rows, columns),
        (down[0], across[0]),
        (down[1], across[1]),
        rest if any(rest) else None,
    )


def _split(cut: tuple[int, int], stride: int, dilation: int) -> tuple[int, int, int, int]:
    """(what torch cuts off both ends, gives back, then what comes off before and after)."""
    before, after = cut
    if 0 <= before - after < max(stride, dilation):
        return before, before - after, 0, 0
    even = max(min(before, after), 0)
    return even, max(-after, 0), before - even, max(after - even, 0)


@takes_arrays
def conv2d_transpose(
    images: Float[Tensor, "n h w c"],
    filters: Float[Tensor, "kh kw fg c"],
    *,
    bias: Float[Tensor, "f"] | None = None,
    strides: int | tuple[int, ...] = 1,
    padding: Any = "valid",
    output_padding: int | tuple[int, int] | None = None,
    dilation_rate: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Float[Tensor, "n oh ow f"]:
    """Paints a filter at every pixel, times its value, and adds up: the way back of `conv2d`.

    y[n, i s + u d - top, j s + v d - left, f] = b[f] + sum over all such i,u,j,v and c of
    x[n,i,j,c] k[u,v,f,c]. It is a convolution of images stretched by s - 1 zeros between pixels.

    Args:
        filters: kernels in Keras' order, height, width, filters / groups, channels.
        strides: distance from one painting to the next, in pixels: a number, a pair, or
            TensorFlow's (1, h, w, 1).
        padding: "valid" cuts nothing off; "same" gives s times the size, the odd row and column cut
            at the bottom and right; pixels, (h, w) or ((top, bottom), (left, right)) are cut off.
        output_padding: rows and columns more at the bottom and right, less than the stride; with
            "same" the size is then (h - 1) s + e mod 2 + it, e = (kh - 1) d + 1. Default None: 0,
            but "same" and "valid" reach h s at least.
        dilation_rate: distance from one tap to the next, in pixels; 1: side by side.
        groups: the channels are cut into so many groups; each paints maps of its own.

    Shape:
        input  (n, h, w, c)
        output (n, h', w', f), h' = (h - 1) s + (kh - 1) d + 1 - top - bottom + output padding

    Raises:
        ArgumentError: a padding word, a size below 1, an output padding not below the stride, or
            groups that do not divide the channels.
        ShapeError: images or filters that are not 4-dimensional, channels that differ, or a bias
            of another size.

    Example:
        >>> import torch
        >>> x, filters = torch.zeros(1, 7, 7, 8), torch.zeros(3, 3, 4, 8)
        >>> conv2d_transpose(x, filters, strides=2, padding="same").shape
        torch.Size([1, 14, 14, 4])

    Reference:
        Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016, 1603.07285.
    """
    place = "conv2d_transpose"
    layout = "(height, width, filters / groups, channels)"
    check_kernel(place, images, filters, layout=layout, axis=3)
    window = parse_transposed(
        place,
        (filters.shape[0], filters.shape[1]),
        strides=strides,
        padding=padding,
        output_padding=output_padding,
        dilation_rate=dilation_rate,
    )
    if images.shape[-1] % _check.positive_int(place, "groups", groups):
        _check.fail(place, "groups", "divide the channels", groups)
    check_bias(place, bias, filters.shape[2] * groups)
    return conv2d_transpose_iohw(images, last_axis_first(filters), bias, window, groups)


def conv2d_transpose_iohw(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    window: TransposedWindow,
    groups: int,
    *,
    relu: bool = False,
) -> Tensor:
    """`conv2d_transpose` with PyTorch's kernel order and arguments checked: what the layer calls.

    `relu` is then applied where the result stands, as in `conv2d_oihw`.
    """
    y_nchw = F.conv_transpose2d(
        x.permute(0, 3, 1, 2),
        weight,
        bias,
        window.strides,
        window.even,
        window.more,
        groups,
        window.dilation,
    )
    if window.rest is not None:
        y_nchw = F.pad(y_nchw, window.rest)
    return (y_nchw.relu_() if relu else y_nchw).permute(0, 2, 3, 1)
