"""Accuracy: how often the answer is the right one."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from ..ops.alignment import align_classes, align_same, align_weights, widen
from .base import MeanMetric
from .mean import mean_terms

__all__ = [
    "Accuracy",
    "AccuracyByShape",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
]


class Accuracy(MeanMetric):
    """How often outputs equal targets exactly; for outputs that are class numbers already.

    The name "accuracy" in `compile` does not mean this class but the fitting one of
    `BinaryAccuracy`, `CategoricalAccuracy` and `SparseCategoricalAccuracy`, as in Keras.

    Args:
        name: under which the result is reported. Default "accuracy".

    Shape:
        targets (...), outputs (...)

    Raises:
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = Accuracy()
        >>> metric.update([1, 2, 3, 4], [0, 2, 3, 4])
        >>> metric.result().item()
        0.75
    """

    def __init__(self, name: str = "accuracy") -> None:
        super().__init__(name)

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        return align_same("Accuracy", targets, outputs.shape) == outputs


class BinaryAccuracy(MeanMetric):
    """How often a yes-or-no output is on the target's side of the threshold.

    Args:
        threshold: outputs above it mean 1. Default 0.5; for logits use 0.
        name: under which the result is reported. Default "binary_accuracy".

    Shape:
        targets (..., q), outputs (..., q). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = BinaryAccuracy()
        >>> metric.update([1, 1, 0, 0], [[0.98], [1.0], [0.0], [0.6]])
        >>> metric.result().item()
        0.75
    """

    def __init__(self, threshold: float = 0.5, name: str = "binary_accuracy") -> None:
        self._threshold = _check.number("BinaryAccuracy", "threshold", threshold)
        super().__init__(name, {"threshold": self._threshold})

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        wanted = align_same("BinaryAccuracy", targets, outputs.shape)
        return (outputs > self._threshold).to(torch.uint8) == wanted


class CategoricalAccuracy(MeanMetric):
    """How often the largest output is the largest target; for one-hot targets.

    Of equal outputs the first counts as the largest.

    Args:
        name: under which the result is reported. Default "categorical_accuracy".

    Shape:
        targets (..., q), outputs (..., q)

    Raises:
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = CategoricalAccuracy()
        >>> metric.update([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]])
        >>> metric.result().item()
        0.5
    """

    def __init__(self, name: str = "categorical_accuracy") -> None:
        super().__init__(name)

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        wanted = align_same("CategoricalAccuracy", targets, outputs.shape)
        return wanted.argmax(dim=-1) == outputs.argmax(dim=-1)


class SparseCategoricalAccuracy(MeanMetric):
    """How often the largest output stands at the target's class number.

    Of equal outputs the first counts as the largest.

    Args:
        name: under which the result is reported. Default "sparse_categorical_accuracy".
        ignore_class: a class number that means "no target", for example 255; such outputs do
            not count. Default None.

    Shape:
        targets (...) or (..., 1), outputs (..., q)

    Raises:
        ShapeError: one-hot targets, or another shape that does not fit.

    Example:
        >>> metric = SparseCategoricalAccuracy()
        >>> metric.update([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]])
        >>> metric.result().item()
        0.5
    """

    def __init__(
        self, name: str = "sparse_categorical_accuracy", *, ignore_class: int | None = None
    ) -> None:
        if ignore_class is not None and not hasattr(ignore_class, "__index__"):
            place = type(self).__name__
            _check.fail(place, "ignore_class", "be a whole number or None", ignore_class)
        self._ignore_class = ignore_class
        super().__init__(name, {"ignore_class": ignore_class})

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        classes = align_classes("SparseCategoricalAccuracy", targets, outputs.shape)
        return outputs.argmax(dim=-1) == classes

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        place = "SparseCategoricalAccuracy"
        values = self._values(targets, outputs)
        if self._ignore_class is None:
            return mean_terms(place, values, weights)
        kept = widen(align_classes(place, targets, outputs.shape) != self._ignore_class)
        if weights is not None:
            kept = kept * align_weights(place, weights, kept)
        return mean_terms(place, values, kept)


class AccuracyByShape(SparseCategoricalAccuracy):
    """The accuracy that fits the shapes: what "accuracy" in `compile` means.

    Binary where the outputs' last axis is 1; sparse where targets have fewer axes than outputs,
    or a last axis of 1; categorical otherwise. As in Keras.

    Args:
        name: under which the result is reported. Default "accuracy".
        ignore_class: see `SparseCategoricalAccuracy`. Default None.
        threshold: see `BinaryAccuracy`. Default 0.5.
        smallest_wins: whether the answer is the smallest output, as of distances. Default False.

    Raises:
        ShapeError: shapes that do not fit together.

    Example:
        >>> metric = AccuracyByShape()
        >>> metric.update([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]])
        >>> metric.update([[0, 1], [0, 1]], [[0.1, 0.9], [0.2, 0.8]])
        >>> metric.result().item()
        0.75
    """

    def __init__(
        self,
        name: str = "accuracy",
        *,
        ignore_class: int | None = None,
        threshold: float = 0.5,
        smallest_wins: bool = False,
    ) -> None:
        super().__init__(name, ignore_class=ignore_class)
        _check.number("AccuracyByShape", "threshold", threshold)
        self._binary = BinaryAccuracy(threshold)
        self._categorical = CategoricalAccuracy()
        self._smallest_wins = _check.flag("AccuracyByShape", "smallest_wins", smallest_wins)
        self._arguments |= {"threshold": threshold, "smallest_wins": smallest_wins}

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        if self._smallest_wins:
            outputs = -outputs
        if outputs.shape[-1:] == (1,):
            return self._binary._measure(targets, outputs, weights)
        if targets.dim() < outputs.dim() or targets.shape[-1:] == (1,):
            return super()._measure(targets, outputs, weights)
        return self._categorical._measure(targets, outputs, weights)
