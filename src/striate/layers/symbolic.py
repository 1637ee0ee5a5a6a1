"""Symbolic tensors: what `Input` returns, and what a layer returns when it is called on one.

A symbolic tensor holds a shape and the call that made it, and no numbers. The calls are the
edges of the graph from which `striate.Model` is made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from .. import _check, structure
from ..errors import ArgumentError
from ..shapes import Shape
from .shape_inference import map_shapes

__all__ = ["Call", "SymbolicTensor", "is_symbolic"]

_order = itertools.count()


class Call:
    """One call of a layer on symbolic tensors.

    Args:
        layer: the Layer that was called.
        args, kwargs: as given: structures with symbolic tensors among their leaves.
        output_shapes: a structure of shapes, one for each tensor that the call returns.
    """

    def __init__(
        self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output_shapes: Any
    ) -> None:
        self.layer = layer
        self.args = args
        self.kwargs = kwargs
        self.order = next(_order)
        self.outputs = map_shapes(lambda shape: SymbolicTensor(shape, call=self), output_shapes)

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic tensors among the arguments, in order."""
        found = structure.leaves((self.args, self.kwargs))
        return [leaf for leaf in found if isinstance(leaf, SymbolicTensor)]


class SymbolicTensor:
    """A tensor to be: a shape, and the call that will make it.

    Args:
        shape: with the batch first; None where a size is open.
        call: the layer call that makes it; None for an input of a model.
        name: of an input.

    Example:
        >>> import striate
        >>> x = striate.Input((28, 28, 1))
        >>> striate.layers.Conv2D(32, 3)(x).shape
        (None, 26, 26, 32)
    """

    operators: ClassVar[dict[str, Callable[[Any, Any], SymbolicTensor]]] = {}

    def __init__(self, shape: Shape, *, call: Call | None = None, name: str | None = None) -> None:
        self.shape = tuple(shape)
        self.call = call
        self.name = name

    def __repr__(self) -> str:
        made = f"by {type(self.call.layer).__name__}" if self.call else f"input {self.name}"
        return f"<SymbolicTensor {_check.shape_text(self.shape)} {made}>"

    def __add__(self, other: Any) -> SymbolicTensor:
        return self._operator("+", other)

    def __mul__(self, other: Any) -> SymbolicTensor:
        return self._operator("*", other)

    def __sub__(self, other: Any) -> SymbolicTensor:
        return self._operator("-", other)

    def _operator(self, sign: str, other: Any) -> SymbolicTensor:
        if sign in self.operators and isinstance(other, SymbolicTensor):
            return self.operators[sign](self, other)
        self._refuse(f"the operator {sign} with {type(other).__name__}")

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> NoReturn:
        cls._refuse(f"torch's {getattr(function, '__name__', function)}")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        self._refuse("NumPy")

    def __bool__(self) -> NoReturn:
        self._refuse("a truth test")

    @staticmethod
    def _refuse(what: str) -> NoReturn:
        raise ArgumentError(
            f"SymbolicTensor: `operation` must be a layer, since it holds no numbers. Got {what}. "
            "Wrap the operation in a layer: layers.Lambda(function), or a subclass with `call`."
        )


def is_symbolic(arguments: Any) -> bool:
    """Whether a symbolic tensor is among the leaves."""
    return any(isinstance(leaf, SymbolicTensor) for leaf in structure.leaves(arguments))
