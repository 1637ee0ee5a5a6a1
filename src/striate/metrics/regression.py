"""Errors of numbers as metrics."""

from __future__ import annotations

from torch import Tensor

from ..ops.alignment import align_same, widen
from .base import MeanMetric

__all__ = ["MeanAbsoluteError", "MeanSquaredError"]


class MeanSquaredError(MeanMetric):
    """The mean of the squared error.

    Args:
        name: under which the result is reported. Default "mean_squared_error".

    Shape:
        targets (..., q), outputs (..., q). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = MeanSquaredError()
        >>> metric.update([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        >>> metric.result().item()
        0.25
    """

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__(name)

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        wanted = align_same("MeanSquaredError", targets, outputs.shape)
        return (widen(outputs) - widen(wanted)).square().mean(dim=-1)


class MeanAbsoluteError(MeanMetric):
    """The mean of the absolute error.

    Args:
        name: under which the result is reported. Default "mean_absolute_error".

    Shape:
        targets (..., q), outputs (..., q). Targets (...) fit outputs (..., 1).

    Raises:
        ShapeError: targets of another shape than the outputs.

    Example:
        >>> metric = MeanAbsoluteError()
        >>> metric.update([[0, 1], [0, 0]], [[1, 1], [0, 0]])
        >>> metric.result().item()
        0.25
    """

    def __init__(self, name: str = "mean_absolute_error") -> None:
        super().__init__(name)

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        wanted = align_same("MeanAbsoluteError", targets, outputs.shape)
        return (widen(outputs) - widen(wanted)).abs().mean(dim=-1)
