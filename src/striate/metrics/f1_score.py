"""The F1 score of every class, and its averages."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from ..ops.alignment import align_classes, align_same, align_weights
from .accumulator import quotient, sum_dtype
from .base import Metric

__all__ = ["F1Score"]

_AVERAGES = ("micro", "macro", "weighted")
_ZERO = 1e-9


class F1Score(Metric):
    """The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    It is 0 where a class has neither targets nor answers. Without a threshold the largest output
    of a sample is its answer (all of them where several are equally large, none where it is 0, as
    in Keras), which fits one class a picture; with a threshold every output above it is one, which
    fits several labels a picture.

    Args:
        average: None gives one score a class; "macro" their mean; "weighted" their mean by the
            number of targets; "micro" the score of all answers together. Default None.
        threshold: above which an output is an answer. Default None: the largest output is.
        name: under which the result is reported. Default "f1_score"; without an average each
            class is reported by itself, as f1_score_0, f1_score_1, …

    Shape:
        targets (n, q) of 0 and 1, or class numbers (n,); outputs (n, q)

    Raises:
        ArgumentError: an unknown average, or a threshold that is no number.
        ShapeError: outputs that are not (n, q), or targets that do not fit them.

    Example:
        >>> metric = F1Score(threshold=0.5)
        >>> metric.update([[1, 1, 1], [1, 0, 0], [1, 1, 0]],
        ...     [[0.2, 0.6, 0.7], [0.2, 0.6, 0.6], [0.6, 0.8, 0.0]])
        >>> [round(score, 4) for score in metric.result().tolist()]
        [0.5, 0.8, 0.6667]
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        *,
        name: str = "f1_score",
    ) -> None:
        if average is not None:
            _check.choice("F1Score", "average", average, _AVERAGES)
        if threshold is not None:
            _check.number("F1Score", "threshold", threshold)
        self._average, self._threshold = average, threshold
        super().__init__(name, {"average": average, "threshold": threshold}, by_label=True)

    def result(self) -> Tensor:
        """The average so far, or one score for each class."""
        sums = self._current()
        right, wrong = sums["true_positives"], sums["false_positives"] + sums["false_negatives"]
        if self._average == "micro":
            right, wrong = right.sum(), wrong.sum()
        scores = quotient(2.0 * right, 2.0 * right + wrong)
        if self._average == "macro":
            return scores.mean()
        if self._average == "weighted":
            support = right + sums["false_negatives"]
            return quotient((scores * support).sum(), support.sum())
        return scores

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        if outputs.dim() != 2:
            shapes = {"outputs": outputs.shape}
            _check.shapes_fail("F1Score", "outputs", "have 2 dimensions (n, q)", shapes)
        wanted = self._wanted(targets, outputs)
        if self._threshold is None:
            largest = outputs.amax(dim=-1, keepdim=True)
            answered = (outputs >= largest) & (outputs.abs() > _ZERO)
        else:
            answered = outputs > self._threshold
        factors = torch.ones((), dtype=sum_dtype(outputs.device), device=outputs.device)
        if weights is not None:
            factors = align_weights("F1Score", weights, outputs.to(factors.dtype))
        return {
            "true_positives": (factors * (answered & wanted)).sum(dim=0),
            "false_positives": (factors * (answered & ~wanted)).sum(dim=0),
            "false_negatives": (factors * (~answered & wanted)).sum(dim=0),
        }

    def _wanted(self, targets: Tensor, outputs: Tensor) -> Tensor:
        """Where a class is wanted, (n, q)."""
        classes = outputs.shape[-1]
        if classes > 1 and (targets.dim() == 1 or targets.shape[-1:] == (1,)):
            numbers = align_classes("F1Score", targets, outputs.shape)
            return numbers[:, None] == torch.arange(classes, device=outputs.device)
        return align_same("F1Score", targets, outputs.shape) != 0

    def _blank(self) -> dict[str, Tensor]:
        names = ("true_positives", "false_positives", "false_negatives")
        return {name: torch.zeros(1, dtype=torch.float64) for name in names}
