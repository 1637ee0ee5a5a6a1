"""Pictures read at places between their pixels: what every bent, turned or cropped picture uses.

Pixel i has its centre at i. A place is read from the pixels around it; what lies outside the
picture is said by a fill mode.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..shapes import Size

__all__ = ["FILL_MODES", "INTERPOLATIONS", "coordinate_type", "pick", "sample"]

INTERPOLATIONS = ("nearest", "bilinear")
FILL_MODES = ("constant", "nearest", "reflect", "wrap")
"""Beyond the edge of a b c d: one number; d d d d; d c b a (the edge twice); a b c d again."""


def coordinate_type(images: Tensor) -> torch.dtype:
    """The number type of places in these pictures: bfloat16 has too few digits for them."""
    return torch.float64 if images.dtype == torch.float64 else torch.float32


def sample(
    images: Tensor,
    rows: Tensor,
    columns: Tensor,
    *,
    interpolation: str,
    fill_mode: str,
    fill_value: float = 0.0,
    pictures: Tensor | None = None,
) -> Tensor:
    """Reads pictures (n, h, w, c) at places: row and column of each pixel of the result.

    Bilinear weighs the four pixels around a place, so that a place between the edge and a constant
    fades into it; nearest rounds, a half to the even pixel. All four are read and added up in one
    pass, channels together.

    Args:
        rows, columns: in pixels, broadcast against each other to (b, h', w').
        interpolation: one of `INTERPOLATIONS`.
        fill_mode: one of `FILL_MODES`.
        fill_value: the number outside where fill_mode is "constant".
        pictures: (b,) which picture each result reads. Default None: its own.

    Shape:
        output (b, h', w', c)
    """
    n, h, w, c = images.shape
    kind = coordinate_type(images)
    whole = torch.int32 if n * h * w < 2**31 else torch.int64
    if pictures is None:
        pictures = torch.arange(n, device=images.device)
    first = (pictures.to(whole) * h).reshape(-1, 1, 1)
    across = _taps(columns.to(kind), w, whole, interpolation, fill_mode)
    taps, weights = [], []
    for row, row_weight in _taps(rows.to(kind), h, whole, interpolation, fill_mode):
        start = (first + row) * w
        for column, column_weight in across:
            taps.append(start + column)
            weights.append(row_weight * column_weight)
    weight = torch.stack(weights, dim=-1)
    y = F.embedding_bag(
        torch.stack(taps, dim=-1).reshape(-1, len(taps)),
        images.to(kind).reshape(-1, c),
        per_sample_weights=weight.reshape(-1, len(taps)),
        mode="sum",
    ).reshape(*taps[0].shape, c)
    if fill_mode == "constant" and fill_value != 0.0:
        y = y + fill_value * (1.0 - weight.sum(dim=-1, keepdim=True))
    return y.to(images.dtype)


def pick(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Whole pixels of pictures (n, h, w, c), put together anew in one pass.

    Args:
        rows: (n, h') which row of its picture each row of the result comes from, int64.
        columns: (n, w') likewise.

    Shape:
        output (n, h', w', c)
    """
    n, h, w, c = images.shape
    starts = (torch.arange(n, device=images.device).unsqueeze(1) * h + rows) * w
    pixels = starts.unsqueeze(2) + columns.unsqueeze(1)
    return images.reshape(-1, c).index_select(0, pixels.flatten()).reshape(*pixels.shape, c)


def _taps(
    places: Tensor, size: Size, whole: torch.dtype, interpolation: str, fill_mode: str
) -> list[tuple[Tensor, Tensor]]:
    """The pixels that are read along one axis, all inside the picture, each with its weight."""
    if interpolation == "nearest":
        pairs = [(places.round().to(whole), torch.ones_like(places))]
    else:
        lower = places.floor()
        part = places - lower
        tap = lower.to(whole)
        pairs = [(tap, 1.0 - part), (tap + 1, part)]
    return [_inside(tap, weight, size, fill_mode) for tap, weight in pairs]


def _inside(tap: Tensor, weight: Tensor, size: Size, fill_mode: str) -> tuple[Tensor, Tensor]:
    """A tap brought into the picture as the fill mode says."""
    if fill_mode == "wrap":
        return tap.remainder(size), weight
    if fill_mode == "reflect":
        tap = tap.remainder(2 * size)
        return torch.minimum(tap, 2 * size - 1 - tap), weight
    if fill_mode == "constant":
        weight = weight * ((tap >= 0) & (tap < size))
    return tap.clamp(0, size - 1), weight
