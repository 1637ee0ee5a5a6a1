"""Activation functions by name: what `activation="relu"` means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from .. import _check, ops
from .._registry import Registry

__all__ = ["ActivationFunction", "activation_functions", "get", "linear"]

ActivationFunction = Callable[[Tensor], Tensor]

activation_functions: Registry[ActivationFunction] = Registry("activation")


@activation_functions.register("linear")
def linear(x: Tensor) -> Tensor:
    """The value itself."""
    return x


for _name in (
    "relu relu6 leaky_relu elu selu gelu silu sigmoid hard_sigmoid hard_swish softmax softmin "
    "log_softmax softplus softsign tanh scaled_tanh"
).split():
    activation_functions.register(_name)(getattr(ops, _name))
activation_functions.register("swish")(ops.silu)


def get(
    value: Any, *, place: str = "activations", argument: str = "activation"
) -> ActivationFunction:
    """A function from a name ("relu"), None (linear) or a callable, which is returned as it is.

    Raises:
        ArgumentError: an unknown name; the nearest three are listed.

    Example:
        >>> import torch
        >>> get("relu")(torch.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """
    if value is None:
        return linear
    if callable(value):
        return value  # type: ignore[no-any-return]
    if not isinstance(value, str):
        _check.fail(place, argument, "be a name or a function", value)
    return activation_functions.get(value, place=place, argument=argument)
