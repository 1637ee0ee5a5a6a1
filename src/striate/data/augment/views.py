"""Test-time augmentation: several views of the same pictures, whose predictions are averaged."""

from __future__ import annotations

import torch
from torch import Tensor

from striate import _check
from striate.data.augment.matrices import stacked
from striate.data.augment.resample import EDGE, resample

__all__ = ["views"]


def views(images: Tensor, *, mirror: bool = True, crop: float | None = 0.875) -> list[Tensor]:
    """The pictures, the pictures mirrored, and their four corners enlarged to the whole.

    Nothing is drawn: the same pictures have the same views. The first is the pictures themselves.

    Args:
        images: (n, h, w, c) uint8.
        mirror: whether there is a mirrored view. False for what has a side: letters, digits.
        crop: side of the corners as a part of the picture's, 0 < crop <= 1. Default 0.875, about
            AlexNet's 224 of 256. None: no corners.

    Returns:
        A list of tensors like `images`.

    Raises:
        ArgumentError: images that are not uint8, crop outside its range.
        ShapeError: images that are not 4-dimensional.

    Example:
        >>> len(views(torch.zeros(2, 8, 8, 3, dtype=torch.uint8)))
        6

    Reference:
        Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural
        Networks", NIPS 2012, section 4.1 (which mirrors the corners too, and adds the middle).
    """
    _check.rank("views", images.shape, 4, "(n, h, w, c)")
    if images.dtype != torch.uint8:
        _check.fail("views", "images", "be uint8", images.dtype)
    seen = [images]
    if _check.flag("views", "mirror", mirror):
        seen.append(images.flip(2))
    if crop is not None:
        part = _check.number("views", "crop", crop, 0.0, 1.0)
        if part == 0.0:
            _check.fail("views", "crop", "be above 0", crop)
        seen += [_corner(images, part, bottom, right) for bottom in (0, 1) for right in (0, 1)]
    return seen


def _corner(images: Tensor, part: float, bottom: int, right: int) -> Tensor:
    """One corner of the pictures, enlarged to the whole."""
    n, h, w = images.shape[:3]
    like = torch.zeros(n, dtype=torch.float64, device=images.device)
    edges = 0.5 * part - 0.5
    matrices = stacked(
        (
            (part, 0.0, edges + right * (1.0 - part) * w),
            (0.0, part, edges + bottom * (1.0 - part) * h),
            (0.0, 0.0, 1.0),
        ),
        like,
    )
    return resample(images, matrices, None, outside=EDGE)
