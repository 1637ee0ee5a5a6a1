"""A plain function as a metric."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from .. import _check
from .base import MeanMetric

__all__ = ["FunctionMetric"]


class FunctionMetric(MeanMetric):
    """The mean of what a function of (y_true, y_pred) gives per sample, or per batch.

    Args:
        function: takes targets and outputs, gives a tensor. One number for a batch counts as 1.
        name: under which the result is reported. Default None: the function's name.

    Raises:
        ArgumentError: not a function, or a result that is not a tensor.

    Example:
        >>> def worst(y_true, y_pred):
        ...     return (y_true - y_pred).abs().amax(-1)
        >>> metric = FunctionMetric(worst)
        >>> metric.update([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [1.0, 0.0]])
        >>> metric.name, metric.result().item()
        ('worst', 2.0)
    """

    def __init__(
        self, function: Callable[[Tensor, Tensor], Tensor], name: str | None = None
    ) -> None:
        if not callable(function):
            rule = "be a function of targets and outputs"
            _check.fail("FunctionMetric", "function", rule, function)
        self._function = function
        own = str(getattr(function, "__name__", type(function).__name__))
        super().__init__(own if name is None else name, {"function": own})

    def _values(self, targets: Tensor, outputs: Tensor) -> Tensor:
        values = self._function(targets, outputs)
        if not isinstance(values, Tensor):
            place = f'FunctionMetric "{self.name}"'
            _check.fail(place, "function", "return a tensor", values)
        return values
