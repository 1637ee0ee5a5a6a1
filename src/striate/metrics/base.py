"""What a metric is: an accumulator that is fed targets and outputs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..ops.alignment import widen
from .accumulator import Accumulator, quotient
from .mean import mean_terms, zero_mean

__all__ = ["MeanMetric", "Metric"]


class Metric(Accumulator):
    """A number about targets and outputs, over all batches since the last `reset`.

    A subclass writes `_measure`, `_blank` and `result`; a mean over samples is shorter as a
    `MeanMetric`.
    """

    def update(self, targets: Any, outputs: Any, weights: Any = None) -> None:
        """Adds a batch.

        Args:
            targets: what the model should have given.
            outputs: what it gave.
            weights: a factor per sample, or per value. Default None: 1.

        Raises:
            ShapeError: shapes that do not fit together.
        """
        with torch.no_grad():
            given = torch.as_tensor(outputs)
            wanted = torch.as_tensor(targets, device=given.device)
            factors = None
            if weights is not None:
                factors = widen(torch.as_tensor(weights, device=given.device))
            self._add(self._measure(wanted, given, factors))

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        """What a batch adds to each sum."""
        raise NotImplementedError


class MeanMetric(Metric):
    """The weighted mean over samples of a value per output.

    A subclass writes `_values(targets, outputs)`. A sample's values are averaged first, so every
    sample counts the same, whatever its size.
    """

    def result(self) -> Tensor:
        """The mean so far; 0 before the first batch."""
        sums = self._current()
        return quotient(sums["total"], sums["count"])

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        """One value for each output."""
        raise NotImplementedError

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        return mean_terms(type(self).__name__, self._values(targets, outputs), weights)

    def _blank(self) -> dict[str, Tensor]:
        return zero_mean()
