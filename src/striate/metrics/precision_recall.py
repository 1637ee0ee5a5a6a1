"""Precision and recall at one or several thresholds."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from .accumulator import quotient, sum_dtype
from .base import Metric
from .thresholds import positives

__all__ = ["Precision", "Recall"]

Thresholds = float | list[float] | tuple[float, ...] | None


class _AtThresholds(Metric):
    """The counts under Keras' choices of what an answer is."""

    def __init__(
        self, name: str, thresholds: Thresholds, top_k: int | None, class_id: int | None
    ) -> None:
        place = type(self).__name__
        given = [0.5 if top_k is None else -torch.inf] if thresholds is None else thresholds
        self._single = not isinstance(given, list | tuple) or len(given) == 1
        levels = list(given) if isinstance(given, list | tuple) else [given]
        if not levels:
            _check.fail(place, "thresholds", "hold at least one number", thresholds)
        if thresholds is not None:
            for level in levels:
                _check.number(place, "thresholds", level, 0.0, 1.0)
        if top_k is not None:
            _check.positive_int(place, "top_k", top_k)
        if class_id is not None and (not hasattr(class_id, "__index__") or class_id < 0):
            _check.fail(place, "class_id", "be a class number of at least 0, or None", class_id)
        rising = sorted(set(levels))
        self._levels = torch.tensor(rising, dtype=torch.float64)
        self._order = torch.tensor([rising.index(level) for level in levels])
        self._top_k, self._class_id = top_k, class_id
        kept = list(thresholds) if isinstance(thresholds, tuple) else thresholds
        super().__init__(name, {"thresholds": kept, "top_k": top_k, "class_id": class_id})

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        place = type(self).__name__
        scores, wanted = outputs, targets
        if self._top_k is not None:
            best = scores.topk(min(self._top_k, scores.shape[-1]), dim=-1).indices
            out = torch.ones_like(scores, dtype=torch.bool).scatter_(-1, best, False)
            scores = scores.masked_fill(out, -torch.inf)
        if self._class_id is not None:
            if scores.dim() < 2 or self._class_id >= scores.shape[-1]:
                rule = f"have more than {self._class_id} classes on the last axis"
                _check.shapes_fail(place, "outputs", rule, {"outputs": scores.shape})
            shapes = {"targets": targets.shape, "outputs": outputs.shape}
            if targets.shape != outputs.shape:
                _check.shapes_fail(place, "targets", "be one-hot for `class_id`", shapes)
            scores = scores[..., self._class_id, None]
            wanted = wanted[..., self._class_id, None]
        self._levels = self._levels.to(outputs.device, sum_dtype(outputs.device))
        counts = positives(place, wanted, scores, weights=weights, thresholds=self._levels)
        return {name: counts[name] for name in self._blank()}

    def _chosen(self, values: Tensor) -> Tensor:
        """One value per threshold in the given order, or the value of the only one."""
        return values[0] if self._single else values[self._order.to(values.device)]

    def _zeros(self) -> Tensor:
        return torch.zeros(self._levels.shape, dtype=torch.float64)


class Precision(_AtThresholds):
    """Which part of the positive answers is right.

    true positives / (true positives + false positives); 0 where there is no positive answer.
    An answer is each number of the outputs; it is positive above the threshold.

    Args:
        thresholds: one number from 0 to 1, or several, then the result holds one value each.
            Default None: 0.5, or none with `top_k`.
        top_k: only the k largest outputs of a sample can be positive. Default None: all.
        class_id: look at this class only. Default None: all.
        name: under which the result is reported. Default "precision".

    Shape:
        targets (..., q) of 0 and 1, outputs (..., q)

    Raises:
        ArgumentError: an argument out of its range.
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = Precision()
        >>> metric.update([0, 1, 1, 1], [0.9, 0.2, 0.8, 0.7])
        >>> round(metric.result().item(), 4)
        0.6667
    """

    def __init__(
        self,
        thresholds: Thresholds = None,
        top_k: int | None = None,
        *,
        class_id: int | None = None,
        name: str = "precision",
    ) -> None:
        super().__init__(name, thresholds, top_k, class_id)

    def result(self) -> Tensor:
        """The precision so far, or one for each threshold."""
        sums = self._current()
        right = sums["true_positives"]
        return self._chosen(quotient(right, right + sums["false_positives"]))

    def _blank(self) -> dict[str, Tensor]:
        return {"true_positives": self._zeros(), "false_positives": self._zeros()}


class Recall(_AtThresholds):
    """Which part of the positive targets is answered positively.

    true positives / (true positives + false negatives); 0 where there is no positive target.
    An answer is each number of the outputs; it is positive above the threshold.

    Args:
        thresholds: one number from 0 to 1, or several, then the result holds one value each.
            Default None: 0.5, or none with `top_k`.
        top_k: only the k largest outputs of a sample can be positive. Default None: all.
        class_id: look at this class only. Default None: all.
        name: under which the result is reported. Default "recall".

    Shape:
        targets (..., q) of 0 and 1, outputs (..., q)

    Raises:
        ArgumentError: an argument out of its range.
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = Recall()
        >>> metric.update([0, 1, 1, 1], [0.9, 0.2, 0.8, 0.7])
        >>> round(metric.result().item(), 4)
        0.6667
    """

    def __init__(
        self,
        thresholds: Thresholds = None,
        top_k: int | None = None,
        *,
        class_id: int | None = None,
        name: str = "recall",
    ) -> None:
        super().__init__(name, thresholds, top_k, class_id)

    def result(self) -> Tensor:
        """The recall so far, or one for each threshold."""
        sums = self._current()
        return self._chosen(quotient(sums["true_positives"], sums["positives"]))

    def _blank(self) -> dict[str, Tensor]:
        return {"true_positives": self._zeros(), "positives": self._zeros()[0]}
