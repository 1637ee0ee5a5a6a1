"""Focal losses: cross-entropy in which outputs that are already right count less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from .._constant import constant
from ..ops.alignment import align_same, check_unit_interval, widen
from .base import Loss
from .categorical import align_one_hot
from .probabilities import EPSILON, binary_logits, log_probabilities

__all__ = ["BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"]


@dataclass(frozen=True)
class CategoricalFocalCrossentropy(Loss):
    """Focal cross-entropy of class probabilities, for one-hot targets.

    -sum over classes of alpha * (1 - p)^gamma * t * log p.

    Args:
        alpha: the factor of all classes, or one per class. Default 0.25, as in the paper.
        gamma: how strongly right outputs are played down, 0 or more. Default 2, as in the paper.
        from_logits: the outputs are logits. Default False: they are probabilities.
        label_smoothing: part of each target spread evenly over all classes, 0..1. Default 0.

    Shape:
        targets (..., q), outputs (..., q); values (...)

    Raises:
        ShapeError: targets that are not one probability per class.
        ArgumentError: targets outside 0..1 (in `check_targets`), or an argument out of its range.

    Example:
        >>> loss = CategoricalFocalCrossentropy(1.0, gamma=2.0)
        >>> round(loss([[0.0, 1.0]], [[0.25, 0.75]]).item(), 4)
        0.018

    Reference:
        Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, arXiv 1708.02002,
        equation 5.
    """

    alpha: float | tuple[float, ...] = 0.25
    gamma: float = 2.0
    _: KW_ONLY
    from_logits: bool = False
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        place = "CategoricalFocalCrossentropy"
        several = isinstance(self.alpha, list | tuple)
        factors = tuple(self.alpha) if isinstance(self.alpha, list | tuple) else (self.alpha,)
        for factor in factors:
            _check.number(place, "alpha", factor, 0.0)
        _check.number(place, "gamma", self.gamma, 0.0)
        _check.flag(place, "from_logits", self.from_logits)
        _check.number(place, "label_smoothing", self.label_smoothing, 0.0, 1.0)
        if several:
            object.__setattr__(self, "alpha", factors)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        place = type(self).__name__
        logs = log_probabilities(place, outputs, from_logits=self.from_logits)
        wanted = align_one_hot(place, targets, outputs.shape).to(logs.dtype)
        if self.label_smoothing:
            spread = self.label_smoothing / outputs.shape[-1]
            wanted = wanted * (1.0 - self.label_smoothing) + spread
        missing = (1.0 - logs.exp()).clamp_min(EPSILON)
        terms = missing.pow(self.gamma) * wanted * logs
        if not isinstance(self.alpha, tuple):
            return -self.alpha * terms.sum(dim=-1)
        if len(self.alpha) != outputs.shape[-1]:
            rule = f"be one number, or one for each of the {outputs.shape[-1]} classes"
            _check.fail(place, "alpha", rule, self.alpha)
        return -(terms * constant(self.alpha, terms)).sum(dim=-1)

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every number from 0 to 1."""
        place = type(self).__name__
        check_unit_interval(place, align_one_hot(place, targets, outputs_shape))


@dataclass(frozen=True)
class BinaryFocalCrossentropy(Loss):
    """Focal cross-entropy of sigmoid outputs, the mean over the last axis.

    (1 - p_t)^gamma * crossentropy, p_t = t * p + (1 - t) * (1 - p); with
    `apply_class_balancing` times alpha where t = 1 and 1 - alpha where t = 0.

    Args:
        apply_class_balancing: multiply by alpha and 1 - alpha. Default False, as in Keras.
        alpha: the factor of class 1, 0..1. Default 0.25, as in the paper.
        gamma: how strongly right outputs are played down, 0 or more. Default 2, as in the paper.
        from_logits: the outputs are logits. Default False: they are probabilities.
        label_smoothing: how far targets are drawn towards 1/2, 0..1. Default 0.

    Shape:
        targets (..., q), outputs (..., q); values (...). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape.
        ArgumentError: targets outside 0..1 (in `check_targets`), or an argument out of its range.

    Example:
        >>> loss = BinaryFocalCrossentropy(gamma=2.0)
        >>> round(loss([1.0], [[0.75]]).item(), 4)
        0.018

    Reference:
        Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, arXiv 1708.02002,
        equations 4 and 5.
    """

    independent: ClassVar[bool] = True
    apply_class_balancing: bool = False
    alpha: float = 0.25
    _: KW_ONLY
    gamma: float = 2.0
    from_logits: bool = False
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        place = "BinaryFocalCrossentropy"
        _check.flag(place, "apply_class_balancing", self.apply_class_balancing)
        _check.number(place, "alpha", self.alpha, 0.0, 1.0)
        _check.number(place, "gamma", self.gamma, 0.0)
        _check.flag(place, "from_logits", self.from_logits)
        _check.number(place, "label_smoothing", self.label_smoothing, 0.0, 1.0)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        place = type(self).__name__
        logits = binary_logits(place, outputs, from_logits=self.from_logits)
        shares = widen(outputs) if logits is None else torch.sigmoid(logits)
        wanted = align_same(place, targets, outputs.shape).to(shares.dtype)
        if self.label_smoothing:
            wanted = wanted * (1.0 - self.label_smoothing) + 0.5 * self.label_smoothing
        if logits is None:
            clipped = shares.clamp(EPSILON, 1.0 - EPSILON)
            entropy = F.binary_cross_entropy(clipped, wanted, reduction="none")
        else:
            entropy = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        right = wanted * shares + (1.0 - wanted) * (1.0 - shares)
        values = (1.0 - right).clamp_min(EPSILON).pow(self.gamma) * entropy
        if self.apply_class_balancing:
            values = (wanted * self.alpha + (1.0 - wanted) * (1.0 - self.alpha)) * values
        return values.mean(dim=-1)

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every number from 0 to 1."""
        place = type(self).__name__
        check_unit_interval(place, align_same(place, targets, outputs_shape))
