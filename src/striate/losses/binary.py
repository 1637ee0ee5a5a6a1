"""Cross-entropy of independent yes-or-no outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..ops.alignment import align_same, check_unit_interval, widen
from .base import Loss
from .probabilities import EPSILON, binary_logits

__all__ = ["BinaryCrossentropy"]


@dataclass(frozen=True)
class BinaryCrossentropy(Loss):
    """Cross-entropy of sigmoid outputs, the mean over the last axis.

    -(t * log p + (1 - t) * log(1 - p)), from logits where the outputs are or carry them,
    otherwise from probabilities clipped to 1e-7 .. 1 - 1e-7 as in Keras.

    Args:
        from_logits: the outputs are logits. Default False: they are probabilities.
        label_smoothing: how far targets are drawn towards 1/2, 0..1. Default 0.

    Shape:
        targets (..., q), outputs (..., q); values (...). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape.
        ArgumentError: targets outside 0..1 (in `check_targets`), `label_smoothing` outside 0..1.

    Example:
        >>> loss = BinaryCrossentropy()
        >>> round(loss([1.0], [[0.75]]).item(), 4)
        0.2877
    """

    independent: ClassVar[bool] = True
    from_logits: bool = False
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        _check.flag("BinaryCrossentropy", "from_logits", self.from_logits)
        _check.number("BinaryCrossentropy", "label_smoothing", self.label_smoothing, 0.0, 1.0)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        place = type(self).__name__
        wanted = widen(align_same(place, targets, outputs.shape))
        if self.label_smoothing:
            wanted = wanted * (1.0 - self.label_smoothing) + 0.5 * self.label_smoothing
        logits = binary_logits(place, outputs, from_logits=self.from_logits)
        if logits is not None:
            wanted = wanted.to(logits.dtype)
            values = F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        else:
            shares = widen(outputs).clamp(EPSILON, 1.0 - EPSILON)
            values = F.binary_cross_entropy(shares, wanted.to(shares.dtype), reduction="none")
        return values.mean(dim=-1)

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every number from 0 to 1."""
        place = type(self).__name__
        check_unit_interval(place, align_same(place, targets, outputs_shape))
