"""Losses of numbers: squared, absolute, and Huber's between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from .. import _check
from ..ops.alignment import align_same, widen
from .base import Loss

__all__ = ["Huber", "MeanAbsoluteError", "MeanSquaredError"]


def _errors(place: str, targets: Tensor, outputs: Tensor) -> Tensor:
    values = widen(outputs)
    return values - align_same(place, targets, outputs.shape).to(values.dtype)


class _Regression(Loss):
    def check_targets(self, targets: Tensor, outputs_shape: Sequence[int | None]) -> None:
        """The outputs' shape, and every number finite."""
        place = type(self).__name__
        aligned = align_same(place, targets, outputs_shape)
        if aligned.is_floating_point() and not bool(torch.isfinite(aligned).all()):
            worst = aligned[~torch.isfinite(aligned)][0].item()
            _check.fail(place, "targets", "be finite numbers", worst)


@dataclass(frozen=True)
class MeanSquaredError(_Regression):
    """The square of the error, the mean over the last axis.

    Shape:
        targets (..., q), outputs (..., q); values (...). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape; nothing is broadcast.
        ArgumentError: targets that are not finite (in `check_targets`).

    Example:
        >>> MeanSquaredError()([[0.0, 2.0]], [[1.0, 4.0]]).item()
        2.5
    """

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        return _errors("MeanSquaredError", targets, outputs).square().mean(dim=-1)


@dataclass(frozen=True)
class MeanAbsoluteError(_Regression):
    """The absolute error, the mean over the last axis.

    Shape:
        targets (..., q), outputs (..., q); values (...). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape; nothing is broadcast.
        ArgumentError: targets that are not finite (in `check_targets`).

    Example:
        >>> MeanAbsoluteError()([[0.0, 2.0]], [[1.0, 4.0]]).item()
        1.5
    """

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        return _errors("MeanAbsoluteError", targets, outputs).abs().mean(dim=-1)


@dataclass(frozen=True)
class Huber(_Regression):
    """Squared for small errors, linear for large ones; the mean over the last axis.

    e^2 / 2 where |e| <= delta, delta * |e| - delta^2 / 2 elsewhere.

    Args:
        delta: the error at which the line begins, above 0. Default 1.

    Shape:
        targets (..., q), outputs (..., q); values (...). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape; nothing is broadcast.
        ArgumentError: `delta` not above 0, targets that are not finite (in `check_targets`).

    Example:
        >>> Huber()([[0.0, 0.0]], [[0.5, 3.0]]).item()
        1.3125

    Reference:
        Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics
        35, 1964.
    """

    delta: float = 1.0

    def __post_init__(self) -> None:
        _check.positive("Huber", "delta", self.delta)

    def values(self, targets: Tensor, outputs: Tensor) -> Float[Tensor, ...]:
        """The loss of each output."""
        size = _errors("Huber", targets, outputs).abs()
        line = self.delta * size - 0.5 * self.delta**2
        return torch.where(size <= self.delta, 0.5 * size.square(), line).mean(dim=-1)
