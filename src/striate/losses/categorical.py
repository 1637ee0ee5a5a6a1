"""Cross-entropy between classes: one-hot targets, or class numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..ops.alignment import Sizes, align_classes, check_unit_interval, same_shape
from .base import Loss
from .probabilities import log_probabilities

__all__ = ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "align_one_hot"]

# Torch always ignores one number; without `ignore_class` it is one that no label has.
_NO_CLASS = -(2**62)


def _refuse_one_class(place: str, outputs_shape: Sizes) -> None:
    if outputs_shape[-1] == 1:
        rule = "belong to at least 2 classes"
        fix = "Use binary_crossentropy for one sigmoid unit."
        _check.shapes_fail(place, "targets", rule, {"outputs": outputs_shape}, fix)


def align_one_hot(place: str, targets: Tensor, outputs_shape: Sizes) -> Tensor:
    """Targets with one probability per class, checked against the outputs' shape.

    Raises:
        ShapeError: class numbers instead, another shape, or one class only.
    """
    _refuse_one_class(place, outputs_shape)
    if not same_shape(targets.shape, outputs_shape):
        classes = outputs_shape[-1]
        shapes = {"targets": targets.shape, "outputs": outputs_shape}
        fix = ""
        if same_shape(targets.shape, outputs_shape[:-1]) or targets.shape[-1:] == (1,):
            fix = f"Use sparse_categorical_crossentropy, or to_categorical(targets, {classes})."
        rule = f"hold one probability for each of the {classes} classes"
        _check.shapes_fail(place, "targets", rule, shapes, fix)
    return targets


@dataclass(frozen=True)
class CategoricalCrossentropy(Loss):
    """Cross-entropy of class probabilities, for one-hot (or soft) targets.

    -sum over classes of t * log p. The logarithm is taken from logits where the outputs are or
    carry them, otherwise from probabilities as Keras does it (divided by their sum, clipped to
    1e-7 .. 1 - 1e-7).

    Args:
        from_logits: the outputs are logits. Default False: they are probabilities.
        label_smoothing: part of each target spread evenly over all classes, 0..1. Default 0.

    Shape:
        targets (..., q), outputs (..., q); values (...)

    Raises:
        ShapeError: targets that are not one probability per class.
        ArgumentError: targets outside 0..1 (in `check_targets`), `label_smoothing` outside 0..1.

    Example:
        >>> loss = CategoricalCrossentropy()
        >>> round(loss([[0.0, 1.0]], [[0.25, 0.75]]).item(), 4)
        0.2877

    Reference:
        Smoothing: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision",
        CVPR 2016, arXiv 1512.00567, section 7.
    """

    from_logits: bool = False
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        _check.flag("CategoricalCrossentropy", "from_logits", self.from_logits)
        _check.number("CategoricalCrossentropy", "label_smoothing", self.label_smoothing, 0.0, 1.0)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        place = type(self).__name__
        wanted = align_one_hot(place, targets, outputs.shape)
        logs = log_probabilities(place, outputs, from_logits=self.from_logits)
        values = -(wanted.to(logs.dtype) * logs).sum(dim=-1)
        if self.label_smoothing:
            values = (1.0 - self.label_smoothing) * values - self.label_smoothing * logs.mean(-1)
        return values

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every number from 0 to 1."""
        place = type(self).__name__
        check_unit_interval(place, align_one_hot(place, targets, outputs_shape))


@dataclass(frozen=True)
class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy of class probabilities, for class numbers as targets.

    -log p of the target's class; with `label_smoothing` e
    (1 - e) * -log p_target + e * mean over classes of -log p. Logits as in
    `CategoricalCrossentropy`. Outputs whose target is `ignore_class` give 0 and do not count.

    Args:
        from_logits: the outputs are logits. Default False: they are probabilities.
        ignore_class: a class number that means "no target", for example 255. Default None.
        label_smoothing: part of each target spread evenly over all classes, 0..1. Default 0.

    Shape:
        targets (...) or (..., 1), outputs (..., q); values (...)

    Raises:
        ShapeError: one-hot targets, or another shape that does not fit.
        ArgumentError: a class number outside 0..q-1 (in `check_targets`), `label_smoothing`
            outside 0..1.

    Example:
        >>> loss = SparseCategoricalCrossentropy()
        >>> round(loss([1], [[0.25, 0.75]]).item(), 4)
        0.2877
    """

    from_logits: bool = False
    ignore_class: int | None = None
    _: KW_ONLY
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        place = "SparseCategoricalCrossentropy"
        _check.flag(place, "from_logits", self.from_logits)
        _check.number(place, "label_smoothing", self.label_smoothing, 0.0, 1.0)
        if self.ignore_class is not None and not hasattr(self.ignore_class, "__index__"):
            _check.fail(place, "ignore_class", "be a whole number or None", self.ignore_class)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        place = type(self).__name__
        classes = self._align(targets, outputs.shape).long()
        logs = log_probabilities(place, outputs, from_logits=self.from_logits)
        flat = logs.reshape(-1, logs.shape[-1])
        ignored = _NO_CLASS if self.ignore_class is None else self.ignore_class
        values = F.nll_loss(flat, classes.reshape(-1), ignore_index=ignored, reduction="none")
        values = values.reshape(classes.shape)
        if self.label_smoothing:
            spread = -logs.mean(dim=-1)
            if self.ignore_class is not None:
                spread = spread.masked_fill(classes == self.ignore_class, 0.0)
            values = (1.0 - self.label_smoothing) * values + self.label_smoothing * spread
        return values

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every class number from 0 to the number of classes less 1."""
        place = type(self).__name__
        labels = self._align(targets, outputs_shape)
        if self.ignore_class is not None:
            labels = labels[labels != self.ignore_class]
        classes = outputs_shape[-1]
        if labels.numel() == 0 or classes is None:
            return
        whole = labels.to(torch.uint8) if labels.dtype == torch.bool else labels
        low, high = (t.item() for t in whole.aminmax())
        if not (low >= 0 and high < classes):
            worst = high if low >= 0 else low
            rule = f"be class numbers from 0 to {classes - 1}"
            _check.fail(place, "targets", rule, worst, _range_advice(low, high, classes))
        if labels.is_floating_point() and bool((labels != labels.floor()).any()):
            broken = labels[labels != labels.floor()][0].item()
            _check.fail(place, "targets", "be whole class numbers", broken)

    def _align(self, targets: Tensor, outputs_shape: Sizes) -> Tensor:
        place = type(self).__name__
        _refuse_one_class(place, outputs_shape)
        return align_classes(place, targets, outputs_shape)

    def _count(self, targets: Tensor, values: Tensor) -> Tensor | int:
        if self.ignore_class is None:
            return values.numel()
        return (targets != self.ignore_class).sum()


def _range_advice(low: float, high: float, classes: int) -> str:
    span = f"The labels go from {low:g} to {high:g} and the outputs have {classes} classes."
    if low == 1 and high == classes:
        return f"{span} Subtract 1 from the labels."
    if low >= 0:
        return f"{span} Give the last layer {high + 1:g} units, or name an `ignore_class`."
    return f"{span} Correct the labels, or name an `ignore_class`."
