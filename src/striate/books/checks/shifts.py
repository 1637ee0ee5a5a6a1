"""What a shift of the picture does to max pooling and to a convolution."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ... import layers, ops
from ..row import Row
from ..session import Session

__all__ = ["shifts"]

_DARK_PIXELS = ((0, 2), (1, 4), (2, 4), (3, 2), (4, 2), (4, 4))  # (row, column), as Figure 14-10


def shifts(session: Session) -> Iterator[Row]:
    """Images B and C are A shifted by one and by two pixels to the right; dark is 1, bright 0."""
    a = torch.zeros(1, 6, 8, 1)
    for row, column in _DARK_PIXELS:
        a[0, row, column] = 1.0
    pool = layers.MaxPooling2D(2)
    of_a, of_b, of_c = (pool(_to_the_right(a, by)) for by in (0, 1, 2))
    what = "max pooling of images {} and {} is identical"
    yield session.row("003", what.format("A", "B"), of_a.equal(of_b))
    yield session.row("003", what.format("A", "C"), of_a.equal(of_c))
    shifted = _to_the_right(of_a, 1).equal(of_c)
    yield session.row("003", "C is A shifted one pixel to the right", shifted)
    kept = ((of_a > 0) & (of_c > 0)).sum() / (of_a > 0).sum()
    yield session.row("003", "of A's dark pixels after pooling, C keeps", kept.item())
    yield session.row("003", "convolution of a shifted image, difference", _equivariance())


def _to_the_right(image: Tensor, by: int) -> Tensor:
    """Bright columns come in from the left."""
    width = image.shape[2]
    return torch.cat([torch.zeros_like(image[:, :, :by]), image[:, :, : width - by]], dim=2)


def _equivariance() -> float:
    """How far the convolution of a shifted picture is from the shifted convolution."""
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(1, 20, 24, 3, generator=generator)
    filters = torch.rand(3, 3, 3, 4, generator=generator) / 27
    shifted = ops.conv2d(_to_the_right(image, 1), filters)[:, :, 1:]
    return (shifted - ops.conv2d(image, filters)[:, :, :-1]).abs().max().item()
