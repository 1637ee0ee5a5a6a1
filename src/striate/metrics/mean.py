"""The weighted mean of numbers, and the two sums it is made of."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..ops.alignment import align_weights, widen
from .accumulator import Accumulator, quotient

__all__ = ["Mean", "mean_terms", "zero_mean"]


def zero_mean() -> dict[str, Tensor]:
    """The sums of a mean of nothing."""
    return {
        "total": torch.zeros((), dtype=torch.float64),
        "count": torch.zeros((), dtype=torch.float64),
    }


def mean_terms(place: str, values: Tensor, weights: Tensor | None) -> dict[str, Tensor]:
    """What a batch adds to a mean's sums: total of weight * value, and count of weights.

    Values and weights of one sample are averaged first, as in Keras, so that a sample counts
    the same whatever its size.

    Raises:
        ShapeError: weights that do not fit the values.

    Example:
        >>> terms = mean_terms("Mean", torch.tensor([1.0, 3.0]), torch.tensor([1.0, 0.5]))
        >>> terms["total"].item(), terms["count"].item()
        (2.5, 1.5)
    """
    wide = widen(values)
    if weights is None:
        samples = wide.shape[0] if wide.dim() else 1
        count = torch.full((), samples, dtype=wide.dtype, device=wide.device)
        return {"total": _sum_of_samples(wide), "count": count}
    factors = align_weights(place, weights, wide)
    return {
        "total": _sum_of_samples(wide * factors),
        "count": _sum_of_samples(factors.broadcast_to(wide.shape)),
    }


def _sum_of_samples(values: Tensor) -> Tensor:
    if values.dim() > 1 and values.numel():
        return values.flatten(1).mean(dim=1).sum()
    return values.sum()


class Mean(Accumulator):
    """The weighted mean of the numbers it is given.

    sum of weights * values / sum of weights; 0 before the first batch.

    Args:
        name: under which the result is reported. Default "mean".

    Example:
        >>> mean = Mean()
        >>> mean.update([1.0, 3.0])
        >>> mean.update([8.0], weights=[2.0])
        >>> mean.result().item()
        5.0
    """

    def __init__(self, name: str = "mean") -> None:
        super().__init__(name)

    def update(self, values: Any, weights: Any = None) -> None:
        """Adds numbers.

        Args:
            values: one number, or one (or several) per sample.
            weights: a factor per sample, or per value. Default None: 1.

        Raises:
            ShapeError: weights that do not fit the values.
        """
        with torch.no_grad():
            given = widen(torch.as_tensor(values))
            factors = None
            if weights is not None:
                factors = widen(torch.as_tensor(weights, device=given.device))
            self._add(mean_terms("Mean", given, factors))

    def result(self) -> Tensor:
        """The mean so far."""
        sums = self._current()
        return quotient(sums["total"], sums["count"])

    def _blank(self) -> dict[str, Tensor]:
        return zero_mean()
