"""Mean and variance of data that come in parts: the same numbers as of all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import _check
from ..records import Batch

__all__ = ["Moments", "parts_of"]

_PART = 1 << 22
"""Numbers of an array that become float64 at once: 32 MiB."""


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations, in float64.

    Args:
        count: of the values behind each mean.
        mean: of each place.
        deviations: sum of (value - mean)^2 of each place.

    Example:
        >>> first = Moments.of(torch.tensor([[1.0], [3.0]]), [0])
        >>> both = first.merge(Moments.of(torch.tensor([[8.0]]), [0]))
        >>> both.mean.item(), both.variance.item()
        (4.0, 8.666666666666666)

    Reference:
        Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample
        variances", 1979.
    """

    count: int
    mean: Tensor
    deviations: Tensor

    @classmethod
    def of(cls, values: Tensor, axes: Sequence[int]) -> Moments:
        """The moments of values over the axes; the other axes stay."""
        count = math.prod(values.shape[axis] for axis in axes)
        variance, mean = torch.var_mean(values.double(), list(axes), correction=0)
        return cls(count, mean.cpu(), variance.cpu() * count)

    @property
    def variance(self) -> Tensor:
        """The mean squared deviation: divided by the count, not by the count less one."""
        return self.deviations / self.count

    def merge(self, other: Moments) -> Moments:
        """The moments of all values behind both."""
        count = self.count + other.count
        step = other.mean - self.mean
        share = other.count / count
        deviations = self.deviations + other.deviations + step.square() * (self.count * share)
        return Moments(count, self.mean + step * share, deviations)


def parts_of(data: Any, *, place: str) -> Iterator[Tensor]:
    """The numbers of data, part by part, samples along the first axis.

    Args:
        data: an array or tensor; a loader, whose first epoch is read; or an iterable of batches,
            each an array or tensor, a Batch, or (images, targets).
        place: that takes the data, for the error.

    Raises:
        ArgumentError: something else, or batches of something else.

    Example:
        >>> [part.tolist() for part in parts_of([np.ones((2, 1)), torch.zeros(1, 1)], place="it")]
        [[[1.0], [1.0]], [[0.0]]]
    """
    if isinstance(data, np.ndarray | Tensor):
        yield from _pieces(data, place)
        return
    batches = data.epoch(0) if hasattr(data, "epoch") else data
    if not hasattr(batches, "__iter__"):
        _refuse(place, data)
    preprocess = getattr(data, "preprocess", None)
    for batch in batches:
        images = batch.images if isinstance(batch, Batch) else batch
        images = images[0] if isinstance(images, list | tuple) and images else images
        if not isinstance(images, np.ndarray | Tensor):
            _refuse(place, images)
        for piece in _pieces(images, place):
            yield piece if preprocess is None else preprocess.apply(piece)


def _pieces(array: Any, place: str) -> Iterator[Tensor]:
    if isinstance(array, np.ndarray) and array.dtype.kind not in "buif":
        _refuse(place, array.dtype)
    if not array.ndim or 0 in array.shape:
        _check.fail(place, "data", "hold samples, along the first axis", tuple(array.shape))
    rows = max(1, _PART // math.prod(array.shape[1:]))
    for start in range(0, len(array), rows):
        piece = array[start : start + rows]
        yield piece.detach() if isinstance(piece, Tensor) else torch.tensor(piece)


def _refuse(place: str, got: object) -> None:
    kind = got if isinstance(got, np.dtype) else type(got).__name__
    rule = "be an array or tensor of numbers, a loader, or an iterable of batches of such"
    _check.fail(place, "data", rule, str(kind), "Batches may be pairs (images, targets).")
