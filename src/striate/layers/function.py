"""Lambda: a function of yours as a layer, and the table from which saved ones are loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .. import _check
from .._registry import Registry
from .base import Layer, register_layer

__all__ = ["Lambda", "lambda_functions", "register_function"]

lambda_functions: Registry[Callable[..., Any]] = Registry("function")
"""The closed table of the functions that a saved model may name."""


def register_function(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that lets a model with this function, in a Lambda or as activation, be saved.

    Args:
        name: under which it stands in a saved model; the program that loads it registers the same.

    Raises:
        ArgumentError: the name is taken.

    Example:
        >>> @register_function("double")
        ... def double(x): return 2 * x
        >>> lambda_functions.get("double")(4)
        8
    """
    return lambda_functions.register(name)


@register_layer("Lambda")
class Lambda(Layer):
    """Computes any function of its input; it has no parameters.

    A model with it can be saved only if the function is registered: code is never stored.

    Args:
        function: takes a tensor (or a structure of such, as called) and returns one.
        output_shape: of one sample, where `function` cannot run on shapes alone. Default None: it
            is found by a run without numbers.

    Shape:
        input  (n, ...)
        output what the function returns

    Raises:
        ArgumentError: something that cannot be called, or an output shape of other than sizes.

    Example:
        >>> import torch
        >>> Lambda(lambda x: x[..., ::2])(torch.zeros(1, 4, 4, 6)).shape
        torch.Size([1, 4, 4, 3])
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Sequence[int | None] | None = None,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        if not callable(function):
            _check.fail(self.place, "function", "be a function", function)
        self.function = function
        self._sample_shape = (
            None if output_shape is None else _check.sizes(self.place, "output_shape", output_shape)
        )

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments; the output shape is that of one sample."""
        base = Layer.get_config(self)
        return {**base, "output_shape": self._sample_shape}

    def call(self, *args: Any) -> Any:
        """What the function returns."""
        return self.function(*args)

    def output_shape(self, *input_shapes: Any) -> Any:
        """As given, or from a run without numbers."""
        if self._sample_shape is None:
            return super().output_shape(*input_shapes)
        first: Any = input_shapes[0]
        while isinstance(first[0], tuple | list):
            first = first[0]
        return (first[0], *self._sample_shape)
