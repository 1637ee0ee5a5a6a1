"""Holding samples back: the same share of every class, the same samples on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from striate import _check
from striate.data.order import IndexArray, permutation

__all__ = ["stratified_split"]


def stratified_split(labels: Any, fraction: float, *, seed: int) -> tuple[IndexArray, IndexArray]:
    """Splits samples so that each class is held back by the same fraction.

    Of a class of n samples round(fraction * n) are held back (halves up), but at least one and
    at most n - 1; a class of one sample is kept whole. Which ones is a function of seed and
    labels alone. Both results are in ascending order.

    Args:
        labels: (n,) class of each sample: numbers or names.
        fraction: share that is held back, 0 < fraction < 1.
        seed: of the choice.

    Shape:
        output (kept,) and (held,), int64 numbers of samples; kept + held = n

    Raises:
        ArgumentError: fraction is not between 0 and 1, or labels is not one label a sample.

    Example:
        >>> kept, held = stratified_split(["a", "a", "a", "a", "b", "b"], 0.25, seed=0)
        >>> len(kept), len(held)
        (4, 2)
    """
    place = "stratified_split"
    share = _check.fraction(place, "fraction", fraction)
    if share == 0:
        _check.fail(place, "fraction", "be above 0", fraction, "For example fraction=0.2.")
    classes = np.asarray(labels)
    if classes.ndim != 1 or len(classes) == 0:
        _check.fail(place, "labels", "hold one label a sample, shape (n,)", classes.shape)
    held = np.zeros(len(classes), np.bool_)
    order = permutation(len(classes), seed=seed, epoch=0)
    for name in np.unique(classes):
        members = order[classes[order] == name]
        count = int(share * len(members) + 0.5)
        held[members[: min(max(count, 1), len(members) - 1)]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)
