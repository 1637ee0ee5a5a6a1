"""Small matrices, one a picture, made and multiplied without rounding by the size of the batch.

Sums are written out, so that a picture's matrix has the same bits in any batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["about_middle", "identities", "inverse", "moved", "product", "stacked"]


def identities(like: Tensor, size: int) -> Tensor:
    """(n, size, size) matrices that change nothing, for drawn numbers (n, ...)."""
    one = torch.eye(size, dtype=like.dtype, device=like.device)
    return one.expand(like.shape[0], size, size)


def stacked(rows: Sequence[Sequence[Tensor | float]], like: Tensor) -> Tensor:
    """(n, rows, columns) from entries that are (n,) each or one number for all."""
    flat = [
        entry if isinstance(entry, Tensor) else torch.full_like(like, entry)
        for row in rows
        for entry in row
    ]
    return torch.stack(flat, dim=1).reshape(-1, len(rows), len(rows[0]))


def product(first: Tensor, second: Tensor) -> Tensor:
    """The matrices first @ second.

    Example:
        >>> product(torch.tensor([[[1.0, 2.0], [0.0, 1.0]]]), torch.eye(2)[None]).tolist()
        [[[1.0, 2.0], [0.0, 1.0]]]
    """
    total = first[:, :, 0:1] * second[:, 0:1, :]
    for k in range(1, first.shape[2]):
        total = total + first[:, :, k : k + 1] * second[:, k : k + 1, :]
    return total


def about_middle(linear: Sequence[Sequence[Tensor]], size: tuple[int, int]) -> Tensor:
    """(n, 3, 3) maps of (x, y, 1) that leave the middle of a picture where it is.

    Args:
        linear: ((xx, xy), (yx, yy)), each (n,).
        size: (height, width) in pixels; pixel i has its centre at i.
    """
    (xx, xy), (yx, yy) = linear
    x, y = (size[1] - 1) / 2, (size[0] - 1) / 2
    rows = ((xx, xy, x - (xx * x + xy * y)), (yx, yy, y - (yx * x + yy * y)), (0.0, 0.0, 1.0))
    return stacked(rows, xx)


def moved(right: Tensor, down: Tensor) -> Tensor:
    """(n, 3, 3) maps by which a picture's things go right and down, in pixels: x -> x - right."""
    return stacked(((1.0, 0.0, -right), (0.0, 1.0, -down), (0.0, 0.0, 1.0)), right)


def inverse(matrices: Tensor) -> Tensor:
    """The inverse of maps whose last row is 0 0 1.

    Example:
        >>> inverse(moved(torch.tensor([2.0]), torch.tensor([0.0])))[0, 0].tolist()
        [1.0, -0.0, 2.0]
    """
    (a, b, x), (c, d, y), _ = (row.unbind(1) for row in matrices.unbind(1))
    area = a * d - b * c
    rows = (
        (d / area, -b / area, (b * y - d * x) / area),
        (-c / area, a / area, (c * x - a * y) / area),
        (0.0, 0.0, 1.0),
    )
    return stacked(rows, a)
