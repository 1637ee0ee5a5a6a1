"""What the Random* layers have in common: they change pictures in training and only there."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check
from ..ops.sampling import coordinate_type
from ..shapes import Shape
from .drawing import Drawing

__all__ = ["Augmentation", "factor_range", "value_limits"]


class Augmentation(Drawing):
    """Base of the layers that change each picture by an amount of its own, in training only.

    A subclass writes `augment(x)`, with the numbers of `draw_between`.

    Args:
        seed: of the draws. Default None: the layer's place in the model.
    """

    def __init__(self, *, seed: int | None, **base: Any) -> None:
        super().__init__(**base)
        self.sow(None if seed is None else _check.whole(self.place, "seed", seed))

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The changed pictures in training, the pictures themselves otherwise."""
        return self.augment(x) if training else x

    def augment(self, x: Tensor) -> Tensor:
        """The changed pictures."""
        _check.fail(type(self).__name__, "augment", "be written by the subclass", None)

    def draw_between(self, x: Tensor, *ranges: tuple[float, float]) -> list[Tensor]:
        """(n,) numbers for each range, evenly spread over it, one for each picture."""
        draws = self.draw((len(ranges),), x).to(coordinate_type(x))
        return [
            draw * (upper - lower) + lower
            for draw, (lower, upper) in zip(draws.unbind(1), ranges, strict=True)
        ]

    def check_input(self, shape: Any) -> None:
        """Refuses what is no batch of pictures."""
        _check.rank(self.place, shape, 4, "(n, h, w, c)")

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        self.check_input(input_shape)
        return tuple(input_shape)


def factor_range(
    place: str, argument: str, value: Any, *, low: float = -1.0
) -> tuple[float, float]:
    """(lower, upper): a number f stands for -f to f, a pair for its own two ends in any order.

    Args:
        low: least number allowed; 1 is the greatest.

    Raises:
        ArgumentError: something else, or a number outside low..1.
    """
    if isinstance(value, list | tuple):
        if len(value) != 2:
            rule = "be a number or a pair (lower, upper)"
            _check.fail(place, argument, rule, value, f"For example {argument}=(-0.1, 0.2).")
        first, second = (_check.number(place, argument, end, low, 1.0) for end in value)
        return min(first, second), max(first, second)
    size = abs(_check.number(place, argument, value, low, 1.0))
    return -size, size


def value_limits(place: str, value: Any) -> tuple[float, float]:
    """(low, high) that pixels lie between.

    Raises:
        ArgumentError: no pair, or high not above low.
    """
    if not isinstance(value, list | tuple) or len(value) != 2:
        rule = "be a pair (low, high)"
        _check.fail(place, "value_range", rule, value, "For example value_range=(0, 255).")
    low, high = (_check.number(place, "value_range", end) for end in value)
    if low >= high:
        _check.fail(place, "value_range", "be a pair (low, high) with low < high", value)
    return low, high
