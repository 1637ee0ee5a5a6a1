"""What `fit`, `evaluate` and `predict` take, made into batches."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .. import _check, structure
from ..data.loader import Loader
from ..data.source import ArraySource
from ..records import Batch
from ..train.batches import Batches
from ..train.iterables import IterableBatches

__all__ = ["class_weighted", "feed", "holds_arrays", "split_arrays"]


def holds_arrays(x: Any, y: Any = None) -> bool:
    """Whether x is data itself, and not an iterable of batches."""
    if hasattr(x, "shape") or isinstance(x, dict):
        return True
    if not isinstance(x, list | tuple) or not x:
        return False
    if y is None and isinstance(x[0], tuple | list | Batch):
        return False
    return isinstance(x[0], int | float | list) or all(hasattr(part, "shape") for part in x)


def feed(
    x: Any,
    y: Any = None,
    weights: Any = None,
    *,
    place: str,
    batch_size: int,
    shuffle: bool = False,
    seed: int = 0,
    steps: int | None = None,
    class_weight: dict[int, float] | None = None,
) -> Batches:
    """Batches from arrays, a Loader or the like, or an iterable of batches.

    Raises:
        ArgumentError: arrays of different lengths, y beside an iterable, or a generator.
    """
    word = "steps_per_epoch" if place == "fit" else "steps"
    targets = {"y": y, "sample_weight": weights}
    if hasattr(x, "epoch") and hasattr(x, "steps_per_epoch"):
        _leave_out(place, "a loader, which has its own", targets | {word: steps})
        return _WithClassWeight(x, class_weight) if class_weight else x
    if holds_arrays(x, y):
        _leave_out(place, "arrays, whose batches are counted by batch_size", {word: steps})
        source = ArraySource(x, y, weights=weights)
        if class_weight and y is not None:
            weights = class_weighted(source.targets, source.weights, class_weight)
            source = ArraySource(x, y, weights=weights)
        return Loader(source, batch_size, shuffle=shuffle, seed=seed)
    _leave_out(place, "an iterable of (images, targets) batches", targets)
    batches = IterableBatches(x, steps)
    return _WithClassWeight(batches, class_weight) if class_weight else batches


def _leave_out(place: str, what: str, given: dict[str, Any]) -> None:
    for argument, value in given.items():
        if value is not None:
            _check.fail(place, argument, f"be left out where x is {what}", type(value).__name__)


class _WithClassWeight:
    """Batches whose samples are also weighted by their class."""

    def __init__(self, batches: Any, class_weight: dict[int, float]) -> None:
        self.unweighted, self._class_weight = batches, class_weight
        self.preprocess = getattr(batches, "preprocess", None)
        self.has_cursor = getattr(batches, "has_cursor", True)

    @property
    def steps_per_epoch(self) -> int | None:
        steps: int | None = self.unweighted.steps_per_epoch
        return steps

    def epoch(self, number: int, *, start_step: int = 0) -> Any:
        for batch in self.unweighted.epoch(number, start_step=start_step):
            weights = class_weighted(batch.targets, batch.weights, self._class_weight)
            yield Batch(batch.images, batch.targets, weights, batch.sample_ids)


def class_weighted(targets: Any, weights: Any, class_weight: dict[int, float]) -> Tensor:
    """The sample weights times the weight of each sample's class; a class not named counts 1.

    Args:
        targets: class numbers (n,) or (n, 1), or one-hot rows (n, classes).
        weights: sample weights (n,) or None.
        class_weight: class number -> factor.

    Raises:
        ArgumentError: several outputs, a class below 0, or targets that are not classes.
    """
    goals = structure.leaves(targets)
    if len(goals) != 1 or goals[0].dim() > 2:
        rule = "be used with one output whose targets are classes (n,), (n, 1) or (n, classes)"
        _check.fail("fit", "class_weight", rule, class_weight, "Use sample_weight instead.")
    goal = goals[0]
    one_hot = goal.dim() == 2 and goal.shape[1] > 1
    classes = goal.argmax(dim=1) if one_hot else goal.reshape(-1).to(torch.int64)
    bad = [key for key in class_weight if not isinstance(key, int) or key < 0]
    if bad:
        _check.fail("fit", "class_weight", "map class numbers, 0, 1, …, to factors", bad[0])
    table = torch.ones(max(int(classes.max()), *class_weight) + 1)
    for key, factor in class_weight.items():
        table[key] = _check.number("fit", f"class_weight[{key}]", factor, low=0.0)
    factors = table[classes]
    return factors if weights is None else factors * weights


def split_arrays(
    x: Any, y: Any, weights: Any, fraction: float
) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """(training, validation): the last part of the arrays, before any shuffling, as Keras does.

    Raises:
        ArgumentError: a fraction that leaves a part empty, or data that is no array.
    """
    fraction = _check.fraction("fit", "validation_split", fraction)
    if not holds_arrays(x, y):
        fix = "Split the data yourself and give validation_data."
        _check.fail("fit", "validation_split", "be used with arrays", fraction, fix)
    source = ArraySource(x, y, weights=weights)
    count = len(source)
    at = int(count * (1.0 - fraction))
    if not 0 < at < count:
        rule = f"leave samples for both parts of {count}"
        _check.fail("fit", "validation_split", rule, fraction)
    parts = (source.images, source.targets, source.weights)
    first = tuple(structure.map_leaves(lambda t: None if t is None else t[:at], p) for p in parts)
    last = tuple(structure.map_leaves(lambda t: None if t is None else t[at:], p) for p in parts)
    return first, last
