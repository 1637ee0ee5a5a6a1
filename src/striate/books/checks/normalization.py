"""Local response normalization against the text's formula, written out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch

from ... import ops
from ..row import Row
from ..session import Session

__all__ = ["normalization"]

Array = npt.NDArray[np.float64]

_K, _ALPHA, _BETA, _R = 1.0, 2e-1, 0.75, 4
_MAPS = 9


def normalization(session: Session) -> Iterator[Row]:
    """The sum is over the squares of a, where the text's formula prints alpha."""
    a = np.random.default_rng(0).uniform(0, 3, (2, 3, 4, _MAPS))
    wanted = _formula(a)
    ours = ops.local_response_normalization(
        torch.from_numpy(a), depth_radius=_R // 2, bias=_K, alpha=_ALPHA, beta=_BETA
    )
    difference = float(np.abs(ours.numpy() - wanted).max())
    what = "local response normalization by the formula, difference"
    yield session.row("004", what, difference)
    weak, strong = np.ones((2, _MAPS))
    strong[4] = 9.0
    inhibits = _formula(strong)[5] < _formula(weak)[5]
    yield session.row("004", "a strong neighbour inhibits", bool(inhibits))


def _formula(a: Array) -> Array:
    """b_i = a_i (k + alpha sum a_j^2)^-beta, j from max(0, i - r/2) to min(i + r/2, f_n - 1)."""
    b = np.empty_like(a)
    maps = a.shape[-1]
    for i in range(maps):
        low, high = max(0, i - _R // 2), min(i + _R // 2, maps - 1)
        total = sum(a[..., j] ** 2 for j in range(low, high + 1))
        b[..., i] = a[..., i] * (_K + _ALPHA * total) ** -_BETA
    return b
