"""A plain function as a loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .. import _check
from ..ops.alignment import widen
from .base import Loss

__all__ = ["FunctionLoss"]


@dataclass(frozen=True)
class FunctionLoss(Loss):
    """A function of (y_true, y_pred) that gives a loss per sample, or one for the batch.

    Args:
        function: takes targets and outputs, gives a tensor. One number for a batch counts as 1.

    Raises:
        ArgumentError: not a function, or a result that is not a tensor.

    Example:
        >>> worst = FunctionLoss(lambda y_true, y_pred: (y_true - y_pred).abs().amax(-1))
        >>> worst([[0.0, 0.0]], [[1.0, 3.0]]).item()
        3.0
    """

    function: Callable[[Tensor, Tensor], Tensor]

    def __post_init__(self) -> None:
        if not callable(self.function):
            rule = "be a function of targets and outputs"
            _check.fail("FunctionLoss", "function", rule, self.function)

    def values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        """What the function gives, in float32 at least."""
        values = self.function(targets, outputs)
        if not isinstance(values, Tensor):
            name = getattr(self.function, "__name__", "loss")
            _check.fail(f'FunctionLoss "{name}"', "function", "return a tensor", values)
        return widen(values)

    def get_config(self) -> dict[str, Any]:
        """The function's name."""
        return {"function": getattr(self.function, "__name__", repr(self.function))}
