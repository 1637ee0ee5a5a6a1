"""What filters and a bias must be to fit the images that they slide over."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check

__all__ = ["check_bias", "check_kernel"]


def check_kernel(
    place: str, images: Tensor, filters: Tensor, *, layout: str, axis: int, groups: int = 1
) -> None:
    """Refuses images and filters that do not fit each other.

    Args:
        layout: what the four axes of the filters are, for the error.
        axis: of the filters, which sees channels.
        groups: into how many the channels are cut.

    Raises:
        ShapeError: images or filters that are not 4-dimensional, or channels that differ.
        ArgumentError: images of whole numbers, or filters of another number type.

    Example:
        >>> images, filters = torch.zeros(2, 28, 28, 6), torch.zeros(3, 3, 2, 9)
        >>> check_kernel("conv2d", images, filters, layout="(h, w, c / 3, f)", axis=2, groups=3)
    """
    _check.rank(place, images.shape, 4, "(n, h, w, c)")
    shapes = {"filters": filters.shape, "images": images.shape}
    if filters.dim() != 4:
        _check.shapes_fail(place, "filters", f"have 4 dimensions {layout}", shapes)
    if filters.shape[axis] * groups != images.shape[3]:
        parted = f" / groups={groups}" if groups > 1 else ""
        rule = f"be {layout} with the images' channels{parted} at axis {axis}"
        _check.shapes_fail(place, "filters", rule, shapes)
    _check.floating(place, "images", images)
    if filters.dtype != images.dtype and not torch.is_autocast_enabled(images.device.type):
        rule = f"have the number type of the images, {images.dtype}"
        fix = "Convert one of them: filters.to(images.dtype)."
        _check.fail(place, "filters", rule, str(filters.dtype), fix)


def check_bias(place: str, bias: Tensor | None, maps: int) -> None:
    """Refuses a bias that does not have one number for each feature map that comes out.

    Raises:
        ShapeError: another shape than (maps,).
    """
    if bias is not None and tuple(bias.shape) != (maps,):
        rule = f"have the shape ({maps},), a number for each feature map"
        _check.shapes_fail(place, "bias", rule, {"bias": bias.shape})
