"""The rest of an epoch of batches that have no place to go on from: they are read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import torch

from .. import _check
from ..records import Batch
from .as_written import as_written
from .batches import Batches
from .generators import set_generators

__all__ = ["reread"]


def reread(
    batches: Batches,
    epoch: int,
    first: int,
    *,
    began: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    device: torch.device,
    place: str = "Checkpoint",
) -> Iterator[tuple[int, Batch]]:
    """The batches of an epoch with their numbers, after as many as were seen are read and skipped.

    The generators stand as they stood when the epoch began, so that a DataLoader that shuffles
    or augments gives the same batches again.

    Args:
        batches: of the run.
        epoch: that goes on.
        first: number of the next step.
        began: where the generators stood when the epoch began, if that is known.
        now: where they stood before the next step.
        device: of the model.
        place: the checkpoint, for the message.

    Raises:
        ArgumentError: fewer batches than before.
        WeightsError: generators that stand where none can.
    """
    if began is not None:
        with as_written(place):
            set_generators(began, device)
    again = batches.epoch(epoch)
    skipped = sum(1 for _ in islice(again, first))
    if skipped < first:
        rule = f"give the {first} batches again that it gave before"
        _check.fail("fit", "x", rule, f"{skipped} batches")
    with as_written(place):
        set_generators(now, device)
    yield from enumerate(again, first)
