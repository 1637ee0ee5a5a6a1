"""What `fit`, `evaluate` and `predict` take, made into batches."""

from __future__ import annotations

from typing import Any

from .. import _check, structure
from ..data.loader import Loader
from ..data.source import ArraySource
from ..records import Batch
from ..train.batches import Batches
from ..train.iterables import IterableBatches
from .class_weights import ClassWeighted, check_class_weight, class_weighted

__all__ = ["feed", "holds_arrays", "split_arrays"]


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
        ArgumentError: arrays of different lengths, y beside an iterable, or a generator; a number
            of steps or class weights that cannot be.
    """
    word = "steps_per_epoch" if place == "fit" else "steps"
    steps = None if steps is None else _check.positive_int(place, word, steps)
    factors = check_class_weight(class_weight)
    targets = {"y": y, "sample_weight": weights}
    if hasattr(x, "epoch") and hasattr(x, "steps_per_epoch"):
        _leave_out(place, "a loader, which has its own", targets | {word: steps})
        return ClassWeighted(x, factors) if factors else x
    if holds_arrays(x, y):
        _leave_out(place, "arrays, whose batches are counted by batch_size", {word: steps})
        source = ArraySource(x, y, weights=weights)
        if factors and y is not None:
            weights = class_weighted(source.targets, source.weights, factors)
            source = ArraySource(x, y, weights=weights)
        return Loader(source, batch_size, shuffle=shuffle, seed=seed)
    batches = IterableBatches(x, steps, place=place)
    _leave_out(place, "an iterable of (images, targets) batches", targets)
    return ClassWeighted(batches, factors) if factors else batches


def _leave_out(place: str, what: str, given: dict[str, Any]) -> None:
    for argument, value in given.items():
        if value is not None:
            _check.fail(place, argument, f"be left out where x is {what}", type(value).__name__)


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
