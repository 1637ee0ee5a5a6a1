"""Regularisers by name: penalties on parameters that are added to the training loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .. import _check
from .._registry import Registry

__all__ = ["L1", "L1L2", "L2", "Regularizer", "get", "regularizer_types"]

regularizer_types: Registry[Any] = Registry("regularizer")


@dataclass(frozen=True)
class Regularizer:
    """Base: called on a parameter, it returns the penalty, a number."""

    def __call__(self, parameter: Tensor) -> Tensor:
        """The penalty of a parameter."""
        return parameter.new_zeros(())


@regularizer_types.register("l1")
@dataclass(frozen=True)
class L1(Regularizer):
    """l1 * sum|w|.

    Args:
        l1: factor. Default 0.01, as in Keras.
    """

    l1: float = 0.01

    def __post_init__(self) -> None:
        _check.number("L1", "l1", self.l1, low=0.0)

    def __call__(self, parameter: Tensor) -> Tensor:
        """The penalty of a parameter."""
        return self.l1 * parameter.abs().sum()


@regularizer_types.register("l2")
@dataclass(frozen=True)
class L2(Regularizer):
    """l2 * sum w².

    Args:
        l2: factor. Default 0.01, as in Keras.
    """

    l2: float = 0.01

    def __post_init__(self) -> None:
        _check.number("L2", "l2", self.l2, low=0.0)

    def __call__(self, parameter: Tensor) -> Tensor:
        """The penalty of a parameter."""
        return self.l2 * parameter.square().sum()


@regularizer_types.register("l1_l2")
@dataclass(frozen=True)
class L1L2(Regularizer):
    """l1 * sum|w| + l2 * sum w².

    Args:
        l1: factor of the absolute values. Default 0.
        l2: factor of the squares. Default 0.

    Example:
        >>> import torch
        >>> L1L2(l1=1.0, l2=1.0)(torch.tensor([-2.0, 1.0])).item()
        8.0
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        _check.number("L1L2", "l1", self.l1, low=0.0)
        _check.number("L1L2", "l2", self.l2, low=0.0)

    def __call__(self, parameter: Tensor) -> Tensor:
        """The penalty of a parameter."""
        return self.l1 * parameter.abs().sum() + self.l2 * parameter.square().sum()


def get(value: Any, *, place: str = "regularizers", argument: str = "regularizer") -> Any:
    """A regulariser from a name ("l2"), a Regularizer (returned as it is) or None.

    Raises:
        ArgumentError: an unknown name; the nearest three are listed.
    """
    if value is None or isinstance(value, Regularizer):
        return value
    return regularizer_types.get(value, place=place, argument=argument)()
