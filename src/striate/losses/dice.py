"""Dice loss: one minus the overlap of predicted and true area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..ops.alignment import align_same, check_unit_interval, widen
from .base import Loss
from .probabilities import EPSILON

__all__ = ["Dice"]


@dataclass(frozen=True)
class Dice(Loss):
    """One minus the Dice overlap of outputs and targets.

    1 - 2 * sum(t * p) / (sum(t) + sum(p) + 1e-7). By default the sums go over the whole batch,
    as in Keras, so there is one value and its count is 1: a batch computed in parts gives the
    mean of the parts' values, which is not the value of the whole. `axis=(1, 2, 3)` gives one
    value per picture, and does not depend on how a batch is divided.

    Args:
        axis: axes that the sums go over. Default None: all.

    Shape:
        targets (n, h, w, q), outputs (n, h, w, q); values (), or what `axis` leaves

    Raises:
        ShapeError: targets of another shape.
        ArgumentError: targets outside 0..1 (in `check_targets`), an axis that is not a number.

    Example:
        >>> round(Dice()([[1.0, 0.0]], [[0.5, 0.5]]).item(), 4)
        0.5

    Reference:
        Milletari et al., "V-Net", 3DV 2016, arXiv 1606.04797, section 3; the denominator is
        Keras', without squares.
    """

    axis: int | tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        given = self.axis if isinstance(self.axis, list | tuple) else (self.axis,)
        if self.axis is not None:
            if not given or any(isinstance(a, bool) or not isinstance(a, int) for a in given):
                _check.fail("Dice", "axis", "be whole numbers or None", self.axis)
            object.__setattr__(self, "axis", tuple(given))

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """One value for the whole batch, or what `axis` leaves."""
        shares = widen(outputs)
        wanted = align_same("Dice", targets, outputs.shape).to(shares.dtype)
        axes = tuple(range(shares.dim())) if self.axis is None else self.axis
        overlap = (wanted * shares).sum(dim=axes)
        return 1.0 - 2.0 * overlap / (wanted.sum(dim=axes) + shares.sum(dim=axes) + EPSILON)

    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """Shape, and every number from 0 to 1."""
        check_unit_interval("Dice", align_same("Dice", targets, outputs_shape))
