"""A dilated filter is the filter with zeros put between its numbers."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from ... import ops
from ...shapes import kernel_extent
from ..row import Row
from ..session import Session

__all__ = ["dilation"]

_RATE = 4


def dilation(session: Session) -> Iterator[Row]:
    """The numbers of the dilated filter are read off its answer to a single bright pixel."""
    taps = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    extent = kernel_extent(3, _RATE)
    pixel = torch.zeros(1, 1, 2 * extent - 1, 1)
    pixel[0, 0, extent - 1] = 1.0
    answer = ops.conv2d(pixel, taps, dilation_rate=_RATE).flatten().flip(0)
    stretched = tuple(int(number) for number in answer.tolist())
    yield session.row("004", "[1, 2, 3] at dilation rate 4", stretched)
    kernel = torch.zeros(1, extent, 1, 1)
    kernel[:, ::_RATE] = taps
    image = torch.rand(1, 5, 40, 1, generator=torch.Generator().manual_seed(0))
    difference = ops.conv2d(image, taps, dilation_rate=_RATE) - ops.conv2d(image, kernel)
    what = "dilated as by the stretched kernel, difference"
    yield session.row("004", what, difference.abs().max().item())
