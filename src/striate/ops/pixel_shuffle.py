"""Depth to space on NHWC tensors: channels become pixels."""

from __future__ import annotations

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check

__all__ = ["pixel_shuffle"]


def pixel_shuffle(images: Float[Tensor, "n h w c"], factor: int) -> Float[Tensor, "n oh ow o"]:
    """Spreads the channels of each pixel over factor x factor pixels.

    y[n, i r + u, j r + v, o] = x[n, i, j, (o r + u) r + v], r the factor: the r r values of one
    output channel lie side by side in the input. This is torch's `pixel_shuffle`. TensorFlow's
    `depth_to_space` reads channel (u r + v) o' + o instead, o' the number of output channels: the
    same where there is one, another order of the filters before it where there are more.

    Args:
        factor: pixels that one pixel becomes, along height and along width.

    Shape:
        input  (n, h, w, c)
        output (n, h factor, w factor, c / factor^2)

    Raises:
        ArgumentError: a factor below 1.
        ShapeError: images that are not 4-dimensional, or channels that the square of the factor
            does not divide.

    Example:
        >>> import torch
        >>> pixel_shuffle(torch.arange(4.0).reshape(1, 1, 1, 4), 2)[0, ..., 0].tolist()
        [[0.0, 1.0], [2.0, 3.0]]

    Reference:
        Shi et al., "Real-time single image and video super-resolution using an efficient
        sub-pixel convolutional neural network", CVPR 2016, arXiv 1609.05158, equation 4.
    """
    _check.positive_int("pixel_shuffle", "factor", factor)
    _check.rank("pixel_shuffle", images.shape, 4, "(n, h, w, c)")
    if images.shape[3] % factor**2:
        rule = f"have channels that factor^2 = {factor**2} divides"
        _check.shape_fail("pixel_shuffle", rule, images.shape)
    y_nchw = F.pixel_shuffle(images.permute(0, 3, 1, 2), factor)
    return y_nchw.permute(0, 2, 3, 1).contiguous()  # it is, except on devices without the kernel
