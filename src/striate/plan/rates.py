"""Rates: how long a kind of operation takes for each amount of its work, from measured ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from .operations import Work

__all__ = ["Rates", "fitted", "seconds_of"]

Rates = Mapping[tuple[str, str], Sequence[float]]
"""Kind and number type -> seconds each time, and for each of the four amounts."""

_OTHER = "elementwise"
_PLAIN = "float32"
_NOTHING = (0.0,) * 5


def fitted(measured: Sequence[tuple[Work, float]]) -> dict[tuple[str, str], tuple[float, ...]]:
    """The rates that come closest to measured times, none of them below 0.

    Close is by the ratio: the error of a short operation counts as that of a long one.

    Args:
        measured: works and their seconds.

    Example:
        >>> each = [(Work("sum", "float32", (0, size, 0, 0)), 1e-6 * size) for size in (10, 20)]
        >>> [round(rate, 9) for rate in fitted(each)["sum", "float32"]]
        [0.0, 0.0, 1e-06, 0.0, 0.0]
    """
    by_kind: dict[tuple[str, str], list[tuple[tuple[int, ...], float]]] = {}
    for work, seconds in measured:
        by_kind.setdefault((work.kind, work.dtype), []).append(((1, *work.amounts), seconds))
    return {
        kind: _least([amounts for amounts, _ in rows], [seconds for _, seconds in rows])
        for kind, rows in by_kind.items()
    }


def seconds_of(rates: Rates, kind: str, dtype: str, amounts: Sequence[float]) -> float:
    """How long an operation takes; of a kind or type that was not measured, as the nearest does.

    Args:
        rates: from `fitted`.
        kind, dtype, amounts: as of `Work`.
    """
    if not kind:
        return 0.0
    kinds = (kind, kind.removesuffix(" packed"), _OTHER)
    near = ((each, number) for each in kinds for number in (dtype, _PLAIN))
    first, *others = next((rates[known] for known in near if known in rates), _NOTHING)
    return first + sum(rate * amount for rate, amount in zip(others, amounts, strict=True))


def _least(amounts: Sequence[Sequence[int]], seconds: Sequence[float]) -> tuple[float, ...]:
    """Least squares of the ratios with no rate below 0: the best of all choices of columns."""
    table = np.array(amounts, dtype=np.float64)
    scale = table.max(axis=0)
    used = np.flatnonzero(scale)
    rows = table[:, used] / scale[used] / np.array(seconds)[:, None]
    best, found = np.inf, np.zeros(table.shape[1])
    for count in range(1, min(len(used), len(seconds)) + 1):
        for chosen in combinations(range(len(used)), count):
            part = rows[:, chosen]
            rates = np.linalg.lstsq(part, np.ones(len(seconds)), rcond=None)[0]
            error = float(((part @ rates - 1) ** 2).sum())
            if (rates >= 0).all() and error < best - 1e-12:
                best = error
                found = np.zeros(table.shape[1])
                found[used[list(chosen)]] = rates / scale[used[list(chosen)]]
    return tuple(found.tolist())
