"""A plain iterable of batches as the epochs of a run."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch

from .. import _check
from ..records import Batch

__all__ = ["IterableBatches"]


class IterableBatches:
    """Each epoch goes once over an iterable of Batches or (images, targets[, weights]) tuples.

    The samples are numbered as they come, which keys their random draws. There is no cursor: a
    run that resumes reads and skips what it has seen.

    Args:
        batches: gives an iterator each time it is asked: a list, a DataLoader, a class of yours
            with `__iter__`. A generator, which can be read only once, is refused.
        steps: batches in an epoch. Default None: all there are.
        place: whose argument the messages say it is. Default "fit".

    Raises:
        ArgumentError: an iterator or generator, or something that cannot be iterated over; none
            where batches are counted, or fewer than the steps.
    """

    has_cursor = False
    """Whether an epoch can begin in its middle without reading what comes before."""

    def __init__(
        self, batches: Iterable[Any], steps: int | None = None, *, place: str = "fit"
    ) -> None:
        if isinstance(batches, Iterator):
            rule = "be readable once an epoch; an iterator or generator is used up after one"
            fix = "Give a list, a DataLoader, or an object whose __iter__ begins anew."
            _check.fail(place, "x", rule, type(batches).__name__, fix)
        if not hasattr(batches, "__iter__") and not hasattr(batches, "__getitem__"):
            rule = "be arrays, or an iterable of (images, targets) batches"
            _check.fail(place, "x", rule, type(batches).__name__)
        self._batches, self._place = batches, place
        self._steps = steps
        length = self._length()
        if length == 0:
            _check.fail(place, "x", "hold at least one batch", "none")
        if steps is not None and length is not None and steps > length:
            word = "steps_per_epoch" if place == "fit" else "steps"
            rule = f"be at most {length}, the number of batches that x holds"
            _check.fail(place, word, rule, steps)

    @property
    def steps_per_epoch(self) -> int | None:
        """As told, or the iterable's length, or None."""
        return self._length() if self._steps is None else self._steps

    def _length(self) -> int | None:
        length = getattr(self._batches, "__len__", None)
        try:
            return int(length()) if length else None
        except TypeError:
            return None

    def epoch(self, number: int, *, start_step: int = 0) -> Generator[Batch, None, None]:
        """The batches, from the beginning of the iterable; the first ones may be skipped."""
        seen = 0
        for step, value in enumerate(islice(iter(self._batches), self._steps)):
            batch = Batch.of(_as_tensors(value, self._place))
            if batch.sample_ids is None:
                ids = torch.arange(seen, seen + len(batch))
                batch = Batch(batch.images, batch.targets, batch.weights, ids)
            seen += len(batch)
            if step >= start_step:
                yield batch


def _as_tensors(value: Any, place: str) -> Any:
    """Arrays in a batch become tensors, of torch's default type where they are floating point."""
    if isinstance(value, Batch):
        parts = (value.images, value.targets, value.weights)
        images, targets, weights = (_as_tensors(part, place) for part in parts)
        return Batch(images, targets, weights, value.sample_ids)
    if isinstance(value, dict):
        return {key: _as_tensors(part, place) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return tuple(_as_tensors(part, place) for part in value)
    if isinstance(value, torch.Tensor) or value is None:
        return value
    if not hasattr(value, "__array__") or np.asarray(value).dtype.kind not in "biuf":
        fix = "Convert lists with numpy.asarray."
        _check.fail(place, "x", "hold tensors or arrays in its batches", type(value).__name__, fix)
    tensor = torch.as_tensor(value)
    return tensor.to(torch.get_default_dtype()) if tensor.is_floating_point() else tensor
