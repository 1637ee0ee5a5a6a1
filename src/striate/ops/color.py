"""Contrast and brightness of pictures, each by its own amount."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check

__all__ = ["adjust_brightness", "adjust_contrast"]


def adjust_contrast(
    images: Float[Tensor, "n h w c"], factor: float | Tensor
) -> Float[Tensor, "n h w c"]:
    """Pixels moved away from the mean of their channel in their picture: (x - mean) factor + mean.

    Args:
        factor: 0 gives flat grey, 1 changes nothing; one for all pictures, or (n,), one for each.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: neither a number nor a tensor of one for each picture.
        ShapeError: pictures that are not 4-dimensional.

    Example:
        >>> x = torch.tensor([1.0, 3.0]).reshape(1, 1, 2, 1)
        >>> adjust_contrast(x, 2.0).flatten().tolist()
        [0.0, 4.0]
    """
    amounts = _for_each_picture("adjust_contrast", "factor", factor, images)
    mean = images.mean(dim=(1, 2), keepdim=True)
    return torch.lerp(mean, images, amounts)


def adjust_brightness(
    images: Float[Tensor, "n h w c"], delta: float | Tensor
) -> Float[Tensor, "n h w c"]:
    """A number added to every pixel of a picture.

    Args:
        delta: in the units of the pixels; one for all pictures, or (n,), one for each.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: neither a number nor a tensor of one for each picture.
        ShapeError: pictures that are not 4-dimensional.

    Example:
        >>> adjust_brightness(torch.zeros(1, 1, 2, 1), 0.5).flatten().tolist()
        [0.5, 0.5]
    """
    return images + _for_each_picture("adjust_brightness", "delta", delta, images)


def _for_each_picture(place: str, argument: str, value: float | Tensor, images: Tensor) -> Tensor:
    """The amounts as (n, 1, 1, 1) or (), in the pictures' number type."""
    _check.rank(place, images.shape, 4, "(n, h, w, c)")
    if not isinstance(value, Tensor):
        number = _check.number(place, argument, value)
        return torch.tensor(number, dtype=images.dtype, device=images.device)
    if value.shape != images.shape[:1]:
        got = f"a tensor {tuple(value.shape)}"
        _check.fail(place, argument, "be a number, or (n,), one for each picture", got)
    return value.to(images.dtype)[:, None, None, None]
