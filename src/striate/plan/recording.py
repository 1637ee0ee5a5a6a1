"""Recordings: what a recorder noted, and the timeline for any batch that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import _check
from .operations import Work, operations_of
from .timeline import Storage, Timeline

__all__ = ["Recording", "timeline_of"]


@dataclass(frozen=True)
class Recording:
    """The storages of one run with one batch.

    Args:
        sizes: bytes of each storage.
        kinds, layers, phases: of each storage, see `Storage`.
        events: as of `Timeline`.
        carried: storages that a run leaves behind and the next one drops at its end.
        works: of its operations in order.
    """

    sizes: Sequence[int]
    kinds: Sequence[str]
    layers: Sequence[str]
    phases: Sequence[str]
    events: Sequence[int]
    carried: Sequence[int] = ()
    works: Sequence[Work] = ()


def timeline_of(recordings: Sequence[tuple[int, Recording]], *, parts: int = 1) -> Timeline:
    """The timeline for any batch.

    One recording tells it where its batch is greater than all bytes that do not depend on it: they
    are then what is left over when a size is divided by the batch. Two of small batches tell it
    by their difference.

    Args:
        recordings: one or two, each with its samples (in one part).
        parts: in which a batch passes.

    Raises:
        PlanError: two batches that do not pass in the same way.

    Example:
        >>> one = Recording([1024 * 8 + 5], ["passing"], [""], ["forward"], [1, -1])
        >>> timeline_of([(1024, one)]).peak_bytes(10)
        85
    """
    samples, first = recordings[0]
    if len(recordings) == 1:
        pairs = [divmod(size, samples) for size in first.sizes]
        operations = operations_of(first.works, samples)
    else:
        more, second = recordings[1]
        if second.events != first.events or len(second.works) != len(first.works):
            fix = "A net that takes another way for another batch cannot be planned."
            _check.plan_fail("plan", "pass in the same way with any batch", "two ways", fix)
        slopes = [
            (b - a) // (more - samples) for a, b in zip(first.sizes, second.sizes, strict=True)
        ]
        pairs = [(k, a - k * samples) for k, a in zip(slopes, first.sizes, strict=True)]
        operations = operations_of(first.works, samples, second=(second.works, more))
    about = zip(first.kinds, first.layers, first.phases, pairs, strict=True)
    storages = [
        Storage(kind, layer, phase, rest, each) for kind, layer, phase, (each, rest) in about
    ]
    events = list(first.events)
    before, after = [], []
    for number in first.carried:
        storages.append(storages[number]._replace(layer="", phase="step"))
        before.append(len(storages))
        after.append(-len(storages))
    return Timeline(tuple(storages), (*before, *events, *after), parts, operations)
