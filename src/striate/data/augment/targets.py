"""Boxes and masks that move along with their pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from striate.data.augment.matrices import inverse
from striate.data.augment.resample import bend_masks
from striate.records import IGNORED_PIXEL, Boxes, Masks

__all__ = ["ignore_lost", "move_boxes", "move_masks"]


def move_boxes(boxes: Boxes, matrices: Tensor, size: tuple[int, int], *, kept: float) -> Boxes:
    """Each box as the smallest one around its four moved corners, cut off at the picture's sides.

    A box of which less than a part of the area stays inside is dropped: `valid` becomes False
    there, and the others keep their places.

    Args:
        boxes: of n pictures.
        matrices: (n, 3, 3): where each pixel of the result comes from.
        size: (height, width) of the pictures in pixels.
        kept: the part of a moved box's area that must lie inside, 0..1.

    Example:
        >>> from striate.data.augment.matrices import moved
        >>> one = Boxes(torch.tensor([[[0.0, 0, 4, 2]]]), torch.zeros(1, 1), torch.ones(1, 1) > 0)
        >>> right = moved(torch.tensor([7.0]), torch.tensor([1.0]))
        >>> move_boxes(one, right, (8, 8), kept=0.2).boxes_xyxy.tolist()
        [[[7.0, 1.0, 8.0, 3.0]]]
    """
    height, width = size
    there = inverse(matrices.to(boxes.boxes_xyxy.device))
    corners = boxes.boxes_xyxy.to(there.dtype) - 0.5
    xs, ys = corners[..., [0, 2, 0, 2]], corners[..., [1, 1, 3, 3]]
    (a, b, right), (c, d, down), _ = (row.unbind(1) for row in there[..., None, None].unbind(1))
    x = a * xs + b * ys + (right + 0.5)
    y = c * xs + d * ys + (down + 0.5)
    hull = torch.stack([x.amin(-1), y.amin(-1), x.amax(-1), y.amax(-1)], dim=-1)
    inside = torch.stack(
        [hull[..., side].clamp(0.0, (width, height)[side % 2]) for side in range(4)], dim=-1
    )
    area, left = _areas(hull), _areas(inside)
    valid = boxes.valid & (left > 0.0) & (left >= kept * area)
    moved = torch.where(boxes.valid[..., None], inside.to(boxes.boxes_xyxy.dtype), boxes.boxes_xyxy)
    return Boxes(moved, boxes.labels, valid)


def move_masks(masks: Masks, matrices: Tensor) -> Masks:
    """Each pixel has the class of the nearest one; outside the picture it is ignored."""
    return Masks(bend_masks(masks.classes, matrices.to(masks.classes.device)))


def ignore_lost(masks: Masks, lost: Tensor) -> Masks:
    """Masks in which the pixels that lost what they showed, (n, h, w), are ignored."""
    return Masks(masks.classes.masked_fill(lost.to(masks.classes.device), IGNORED_PIXEL))


def _areas(corners: Tensor) -> Tensor:
    x1, y1, x2, y2 = corners.unbind(-1)
    return (x2 - x1) * (y2 - y1)
