"""Pooling along the channels of NHWC tensors: the largest of neighbouring feature maps."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from .. import _check
from .arrays import takes_arrays

__all__ = ["depth_pool"]


@takes_arrays
def depth_pool(images: Float[Tensor, "n h w c"], pool_size: int = 2) -> Float[Tensor, "n h w o"]:
    """The largest value of each group of neighbouring channels, pixel by pixel.

    y[n,i,j,o] = max over u of x[n, i, j, o pool_size + u]. The gradient goes to the largest
    value; equal ones share it.

    Args:
        pool_size: channels in a group.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c / pool_size)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: images that are not 4-dimensional, or channels that the size does not divide.

    Example:
        >>> import torch
        >>> pixel = torch.tensor([1.0, 5.0, 2.0, 4.0, 3.0, 0.0]).reshape(1, 1, 1, 6)
        >>> depth_pool(pixel, 3).flatten().tolist()
        [5.0, 4.0]

    Reference:
        Géron, "Hands-on machine learning", 3rd edition, 2022, chapter 14.
    """
    _check.positive_int("depth_pool", "pool_size", pool_size)
    _check.rank("depth_pool", images.shape, 4, "(n, h, w, c)")
    if images.shape[3] % pool_size:
        rule = f"have channels that pool_size={pool_size} divides"
        _check.shape_fail("depth_pool", rule, images.shape)
    groups: Tensor = images.unflatten(-1, (-1, pool_size))
    return groups.amax(dim=-1)
