"""Max pooling along the channels: the text's layer, ours and the functions; a rotated digit."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ... import layers, ops
from ..row import Row
from ..session import Session

__all__ = ["depth_pooling"]


def depth_pooling(session: Session) -> Iterator[Row]:
    """Three ways beside the text's own class, then what it is for (Figure 14-11)."""
    name = "003_3_depth_pooling"
    theirs = session.run(name).names["DepthPool"](pool_size=3)
    maps = torch.rand(2, 70, 120, 60, generator=torch.Generator().manual_seed(0))
    pooled = theirs(maps)
    yield session.row(name, "60 channels in groups of 3", tuple(pooled.shape))
    along = (1, 1, 1, 3)
    for what, ours in (
        ("DepthPooling2D", layers.DepthPooling2D(3)(maps)),
        ("ops.depth_pool", ops.depth_pool(maps, 3)),
        ("ops.max_pool over channels", ops.max_pool(maps, along, strides=along)),
    ):
        difference = (ours - pooled).abs().max().item()
        yield session.row(name, f"{what}, difference", difference)
    difference = _of_a_rotated_digit(session.run(name).names["DepthPool"](pool_size=4))
    yield session.row(name, "of a rotated digit, difference", difference)


def _of_a_rotated_digit(pool: layers.Layer) -> float:
    """A seven, four filters that are one filter rotated, and their pooled answer to rotations."""
    seven = torch.zeros(1, 9, 9, 1)
    seven[0, 1, 2:7] = 1.0
    for row in range(2, 8):
        seven[0, row, 7 - row // 2] = 1.0
    part = seven[0, 1:6, 2:7, 0]
    filters = torch.stack([torch.rot90(part, turns) for turns in range(4)], dim=-1)[:, :, None]
    answers = [_answer(pool, torch.rot90(seven, turns, (1, 2)), filters) for turns in range(4)]
    return max((answer - answers[0]).abs().max().item() for answer in answers)


def _answer(pool: layers.Layer, image: Tensor, filters: Tensor) -> Tensor:
    pooled: Tensor = pool(ops.conv2d(image, filters, padding="same"))
    return ops.global_max_pool(pooled)
