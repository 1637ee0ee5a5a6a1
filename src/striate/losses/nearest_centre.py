"""NearestCentre: the loss of outputs that are distances, one to the centre of each class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..ops.alignment import Sizes, align_classes, widen
from .base import Loss

__all__ = ["NearestCentre"]


@dataclass(frozen=True)
class NearestCentre(Loss):
    """Pulls an output towards the centre of its class and pushes it away from all others.

    y_t + log(exp(-rubbish) + sum over classes i of exp(-y_i)), y the squared distances and t the
    target. It is -log of the posterior of the class, where a class without a centre lies everywhere
    at the distance `rubbish`: what is farther than that is pushed no more.

    Args:
        rubbish: the paper's constant j, above 0, or None for no such class. Default 1; the paper
            names no number.

    Shape:
        targets (...) or (..., 1), outputs (..., q); values (...)

    Raises:
        ShapeError: one-hot targets, or another shape that does not fit.
        ArgumentError: a rubbish not above 0, a class number outside 0..q-1 (in `check_targets`).

    Example:
        >>> loss = NearestCentre(rubbish=2.0)
        >>> round(loss([0], [[0.0, 25.0]]).item(), 4)
        0.1269

    Reference:
        LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
        Proceedings of the IEEE 1998, equation 9.
    """

    smallest_wins: ClassVar[bool] = True
    rubbish: float | None = 1.0

    def __post_init__(self) -> None:
        if self.rubbish is not None:
            _check.positive("NearestCentre", "rubbish", self.rubbish)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        classes = align_classes("NearestCentre", targets, outputs.shape).long()
        distances = widen(outputs)
        own = distances.gather(-1, classes.unsqueeze(-1)).squeeze(-1)
        near = torch.logsumexp(-distances, dim=-1)
        if self.rubbish is not None:
            near = torch.logaddexp(near, near.new_full((), -self.rubbish))
        return own + near

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every class number from 0 to the number of classes less 1."""
        self._refuse_others(align_classes("NearestCentre", targets, outputs_shape), outputs_shape)

    def _refuse_others(self, labels: Tensor, outputs_shape: Sizes) -> None:
        classes = outputs_shape[-1]
        if labels.numel() == 0 or classes is None:
            return
        low, high = (float(t) for t in labels.aminmax())
        if not (low >= 0 and high < classes and math.isfinite(high)):
            worst = high if low >= 0 else low
            rule = f"be class numbers from 0 to {classes - 1}"
            fix = "A class without a centre has no target."
            _check.fail("NearestCentre", "targets", rule, f"{worst:g}", fix)
