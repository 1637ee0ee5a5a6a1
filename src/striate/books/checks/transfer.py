"""Géron's transfer learning: left out where the weights or the photographs are not at hand."""

from __future__ import annotations

from collections.abc import Iterator

from ..row import Row
from ..session import Session

__all__ = ["transfer"]


def transfer(session: Session) -> Iterator[Row]:
    """What the listing reaches on the pictures for validation, frozen and afterwards."""
    name = "004_6_transfer_learning"
    finished = session.run_if_possible(name)
    if finished is not None:
        frozen, tuned = (finished.names[each] for each in ("frozen_acc", "fine_tuned_acc"))
        yield session.row(name, "validation accuracy, frozen", frozen)
        yield session.row(name, "validation accuracy gained by unfreezing", tuned - frozen)
