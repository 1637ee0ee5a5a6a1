"""Top-k accuracy: how often the right class is among the k best."""

from __future__ import annotations

from torch import Tensor

from .. import _check
from ..ops.alignment import align_classes, align_same
from .base import MeanMetric

__all__ = ["SparseTopKCategoricalAccuracy", "TopKCategoricalAccuracy"]


def _in_top_k(classes: Tensor, outputs: Tensor, k: int) -> Tensor:
    """Fewer than k outputs are larger; so outputs equal to the k-th count as in, NaN never."""
    score = outputs.gather(-1, classes.long().unsqueeze(-1))
    return ((outputs > score).sum(dim=-1) < k) & ~score.squeeze(-1).isnan()


class TopKCategoricalAccuracy(MeanMetric):
    """How often the largest target is among the k largest outputs; for one-hot targets.

    Outputs equal to the k-th largest count as among them, as in Keras.

    Args:
        k: how many outputs count. Default 5.
        name: under which the result is reported. Default "top_k_categorical_accuracy".

    Shape:
        targets (..., q), outputs (..., q)

    Raises:
        ArgumentError: `k` below 1.
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = TopKCategoricalAccuracy(k=2)
        >>> metric.update([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.5, 0.1, 0.4]])
        >>> metric.result().item()
        0.5
    """

    def __init__(self, k: int = 5, name: str = "top_k_categorical_accuracy") -> None:
        self._k = _check.positive_int("TopKCategoricalAccuracy", "k", k)
        super().__init__(name, {"k": self._k})

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        wanted = align_same("TopKCategoricalAccuracy", targets, outputs.shape)
        return _in_top_k(wanted.argmax(dim=-1), outputs, self._k)


class SparseTopKCategoricalAccuracy(MeanMetric):
    """How often the target's class is among the k largest outputs; for class numbers.

    Outputs equal to the k-th largest count as among them, as in Keras.

    Args:
        k: how many outputs count. Default 5.
        name: under which the result is reported. Default "sparse_top_k_categorical_accuracy".

    Shape:
        targets (...) or (..., 1), outputs (..., q)

    Raises:
        ArgumentError: `k` below 1.
        ShapeError: one-hot targets, or another shape that does not fit.

    Example:
        >>> metric = SparseTopKCategoricalAccuracy(k=2)
        >>> metric.update([2, 1], [[0.1, 0.9, 0.8], [0.5, 0.1, 0.4]])
        >>> metric.result().item()
        0.5
    """

    def __init__(self, k: int = 5, name: str = "sparse_top_k_categorical_accuracy") -> None:
        self._k = _check.positive_int("SparseTopKCategoricalAccuracy", "k", k)
        super().__init__(name, {"k": self._k})

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        classes = align_classes("SparseTopKCategoricalAccuracy", targets, outputs.shape)
        return _in_top_k(classes, outputs, self._k)
