"""What the loop asks of batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..records import Batch

__all__ = ["Batches"]


class Batches(Protocol):
    """Batches, epoch by epoch.

    Those that cannot begin in the middle of an epoch say so by `has_cursor = False`.
    """

    @property
    def steps_per_epoch(self) -> int | None:
        """Batches in an epoch; None where only the run will tell."""
        ...

    def epoch(self, number: int, *, start_step: int = 0) -> Iterator[Batch]:
        """The batches of an epoch, from a step on."""
        ...
