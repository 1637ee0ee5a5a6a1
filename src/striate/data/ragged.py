"""Rows of different lengths in flat arrays: all values, and where each row ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from striate import _check

__all__ = ["Ragged", "check_offsets", "chosen_rows", "offsets_of"]

Integers = npt.NDArray[np.int64]


def offsets_of(lengths: Sequence[int] | Integers) -> Integers:
    """(n + 1,): where each of n rows begins in the flat array, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, np.int64), dtype=np.int64)])


def chosen_rows(offsets: Integers, indices: Any) -> tuple[Integers, Integers]:
    """(places in the flat array, new offsets) of the rows with these numbers, in this order."""
    chosen = np.asarray(indices, np.int64)
    begins, lengths = offsets[:-1][chosen], np.diff(offsets)[chosen]
    fresh = offsets_of(lengths)
    places = np.arange(fresh[-1]) + np.repeat(begins - fresh[:-1], lengths)
    return places, fresh


@dataclass(frozen=True, eq=False)
class Ragged:
    """n rows of whole numbers, each as long as it is.

    Args:
        values: (m,) of all rows, one after the other.
        offsets: (n + 1,) row i is values[offsets[i]:offsets[i + 1]].

    Raises:
        ArgumentError: offsets do not rise from 0 to m.

    Example:
        >>> sets = Ragged.of([[2, 0], [], [1]])
        >>> len(sets), sets[0].tolist(), sets.take([2, 1]).values.tolist()
        (3, [2, 0], [1])
    """

    values: Integers
    offsets: Integers

    def __post_init__(self) -> None:
        check_offsets("Ragged", self.offsets, len(self.values))

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Ragged:
        """From one sequence of numbers a row."""
        lists = [list(row) for row in rows]
        flat = np.array([value for row in lists for value in row], np.int64)
        return cls(flat, offsets_of([len(row) for row in lists]))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Integers:
        row = range(len(self))[index]
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    def take(self, indices: Any) -> Ragged:
        """The rows with these numbers, in this order."""
        places, offsets = chosen_rows(self.offsets, indices)
        return Ragged(self.values[places], offsets)


def check_offsets(place: str, offsets: Integers, size: int) -> None:
    """Refuses offsets that do not rise from 0 to the length of the flat array."""
    rising = len(offsets) > 0 and offsets[0] == 0 and bool((np.diff(offsets) >= 0).all())
    if not rising or offsets[-1] != size:
        _check.fail(place, "offsets", f"rise from 0 to {size}", np.asarray(offsets).tolist()[:8])
