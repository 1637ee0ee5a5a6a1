"""Input: where a functional model begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _check
from ..layers.base import Layer, register_layer
from ..layers.symbolic import Call, SymbolicTensor

__all__ = ["Input", "InputLayer"]


@register_layer("InputLayer")
class InputLayer(Layer):
    """The place of an input in a model's list of layers; it computes nothing.

    Args:
        shape: (h, w, c) of one sample; None where a size is open.
    """

    def __init__(self, shape: Sequence[int | None], *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.shape = _sample_shape(self.place, shape)
        self.built = True
        self._calls.append(Call(self, (), {}, self.output_shape()))

    @property
    def default_name(self) -> str:
        """As the books print it."""
        return "input"

    def call(self, x: Any) -> Any:
        """The input itself."""
        return x

    def output_shape(self, *_: Any) -> tuple[int | None, ...]:
        """(n, h, w, c) with n None."""
        return (None, *self.shape)


def Input(shape: Sequence[int | None], *, name: str | None = None) -> SymbolicTensor:
    """A symbolic tensor on which layers are called to make a functional model.

    Args:
        shape: of one sample, without the batch: (h, w, c); None where a size is open.
        name: of the input. Default None: input_1, input_2, … in the model.

    Raises:
        ArgumentError: a size that is neither a whole number of at least 1 nor None.

    Example:
        >>> Input((28, 28, 1)).shape
        (None, 28, 28, 1)
    """
    tensor: SymbolicTensor = InputLayer(shape, name=name).output
    return tensor


def _sample_shape(place: str, shape: Any) -> tuple[int | None, ...]:
    """A checked shape of one sample."""
    rule = "list the sizes of one sample, (h, w, c), each at least 1 or None"
    if not isinstance(shape, list | tuple) or not shape:
        _check.fail(place, "shape", rule, shape, "For example shape=(28, 28, 1).")
    for size in shape:
        if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
            _check.fail(place, "shape", rule, tuple(shape), "For example shape=(28, 28, 1).")
    return tuple(shape)
