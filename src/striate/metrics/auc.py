"""The area under the ROC curve or the precision-recall curve."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import _check
from ..ops.alignment import widen
from .accumulator import quotient, sum_dtype
from .base import Metric
from .thresholds import positives

__all__ = ["AUC"]

EPSILON = 1e-7


class AUC(Metric):
    """The area under the ROC or the precision-recall curve, from counts at fixed thresholds.

    With 200 thresholds the area is an approximation, as in Keras; scores crowded in a small
    range need more thresholds (their number costs almost nothing) or chosen ones. Every number
    of the outputs is one answer, so several classes are taken together; with `multi_label` each
    has an area of its own, and the result is their mean.

    Args:
        num_thresholds: thresholds spread evenly over 0..1, both ends included. Default 200.
        curve: "ROC" or "PR". Default "ROC".
        summation_method: "interpolation": trapezoids for ROC, and for PR true and false
            positives (not precision) straight between thresholds; "minoring" and "majoring":
            the lower and the upper rectangles. Default "interpolation".
        thresholds: inner thresholds from 0 to 1 in place of `num_thresholds`. Default None.
        multi_label: whether the labels' areas are averaged; then outputs are (n, q). Default
            False.
        from_logits: the outputs are logits. Default False: they lie in 0..1.
        name: under which the result is reported. Default "auc".

    Shape:
        targets (..., q) of 0 and 1, outputs (..., q). Targets (...) fit outputs (..., 1).

    Raises:
        ArgumentError: fewer than 2 thresholds, an unknown word, a threshold outside 0..1.
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = AUC(num_thresholds=3)
        >>> metric.update([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
        >>> metric.result().item()
        0.75

    Reference:
        Davis & Goadrich, "The relationship between Precision-Recall and ROC curves", ICML 2006,
        section 4.
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        *,
        summation_method: str = "interpolation",
        thresholds: list[float] | None = None,
        multi_label: bool = False,
        from_logits: bool = False,
        name: str = "auc",
    ) -> None:
        self._curve = _check.choice("AUC", "curve", curve, ("ROC", "PR"))
        methods = ("interpolation", "minoring", "majoring")
        self._method = _check.choice("AUC", "summation_method", summation_method, methods)
        self._multi_label = _check.flag("AUC", "multi_label", multi_label)
        self._from_logits = _check.flag("AUC", "from_logits", from_logits)
        if thresholds is not None:
            inner = sorted(_check.numbers("AUC", "thresholds", thresholds, 0.0, 1.0))
        else:
            if _check.positive_int("AUC", "num_thresholds", num_thresholds) < 2:
                _check.fail("AUC", "num_thresholds", "be 2 or more", num_thresholds)
            inner = [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        self._levels = torch.tensor([-EPSILON, *inner, 1.0 + EPSILON], dtype=torch.float64)
        super().__init__(
            name,
            {
                "num_thresholds": num_thresholds,
                "curve": curve,
                "summation_method": summation_method,
                "thresholds": thresholds,
                "multi_label": multi_label,
                "from_logits": from_logits,
            },
            by_label=multi_label,
        )

    def result(self) -> Tensor:
        """The area so far, of labels their mean; 0 before there are targets of both kinds."""
        sums = self._current()
        right, wrong = sums["true_positives"], sums["false_positives"]
        total, rest = sums["positives"][..., None], sums["negatives"][..., None]
        recall = quotient(right, total.broadcast_to(right.shape))
        if self._curve == "ROC":
            areas = self._area(quotient(wrong, rest.broadcast_to(wrong.shape)), recall)
        elif self._method == "interpolation":
            areas = _precision_recall_area(right, wrong, sums["positives"])
        else:
            areas = self._area(recall, quotient(right, right + wrong))
        return areas.mean()

    def _area(self, x: Tensor, y: Tensor) -> Tensor:
        """The sum of rectangles under the points; x falls as the thresholds rise."""
        if self._method == "interpolation":
            heights = (y[..., :-1] + y[..., 1:]) / 2.0
        elif self._method == "minoring":
            heights = torch.minimum(y[..., :-1], y[..., 1:])
        else:
            heights = torch.maximum(y[..., :-1], y[..., 1:])
        return ((x[..., :-1] - x[..., 1:]) * heights).sum(dim=-1)

    def _measure(
        self, targets: Tensor, outputs: Tensor, weights: Tensor | None
    ) -> dict[str, Tensor]:
        if self._multi_label and outputs.dim() != 2:
            rule = "have 2 dimensions (n, q) for `multi_label`"
            _check.shapes_fail("AUC", "outputs", rule, {"outputs": outputs.shape})
        scores = torch.sigmoid(widen(outputs)) if self._from_logits else outputs
        self._levels = self._levels.to(outputs.device, sum_dtype(outputs.device))
        return positives(
            "AUC",
            targets,
            scores.clamp(0.0, 1.0),
            weights=weights,
            thresholds=self._levels,
            by_label=self._multi_label,
        )

    def _blank(self) -> dict[str, Tensor]:
        labels = (1,) if self._multi_label else ()
        sizes = {"true_positives": (*labels, *self._levels.shape), "positives": labels}
        sizes |= {"false_positives": sizes["true_positives"], "negatives": labels}
        return {name: torch.zeros(size, dtype=torch.float64) for name, size in sizes.items()}


def _precision_recall_area(right: Tensor, wrong: Tensor, total: Tensor) -> Tensor:
    """Area under precision over recall, counts being straight lines between two thresholds.

    With P = positives answered, TP = slope * P + offset within an interval, so the area is the
    integral of TP / P over recall: slope * (dTP + offset * log(P_high / P_low)) / total.
    """
    answered = right + wrong
    above, below = answered[..., :-1], answered[..., 1:]
    gained = right[..., :-1] - right[..., 1:]
    slope = quotient(gained, (above - below).clamp_min(0.0))
    offset = right[..., 1:] - slope * below
    both = (above > 0) & (below > 0)
    ratio = torch.where(both, quotient(above, below), 1.0)
    area = slope * (gained + offset * ratio.log())
    return quotient(area.sum(dim=-1), total)
