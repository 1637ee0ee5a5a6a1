"""Add, Multiply, Average, Maximum, Subtract and Concatenate: several tensors become one."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor

from .. import _check
from ..shapes import Shape
from ..windows import PIXEL, Windows
from .base import Layer, register_layer
from .symbolic import SymbolicTensor

__all__ = ["Add", "Average", "Concatenate", "Maximum", "Multiply", "Subtract"]


def _check_list(place: str, inputs: Any) -> None:
    if not isinstance(inputs, list | tuple) or not inputs or isinstance(inputs[0], int | None):
        rule, fix = "be a list of tensors", "Call it on a list: layer([a, b])."
        _check.fail(place, "inputs", rule, type(inputs).__name__, fix)


class _Merging(Layer):
    """What joins number by number has in common: sizes that agree or are 1."""

    _fitting: tuple[Any, ...] = ()

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The tensors as one."""
        self._check_run(inputs)
        rank = max(x.dim() for x in inputs)
        return self.merge([_with_rank(x, rank) for x in inputs])

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """Joins tensors of one rank; what each of these layers writes."""
        _check.fail(type(self).__name__, "merge", "be written by the subclass", None)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place, where the maps have one size; else the whole of the smaller."""
        return PIXEL if len({tuple(shape[1:-1]) for shape in input_shape}) == 1 else None

    def output_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """The common shape."""
        _check_list(self.place, input_shapes)
        if not all(input_shapes):
            got = tuple(map(tuple, input_shapes))
            _check.shape_fail(self.place, "have a batch dimension", got)
        rank = max(len(shape) for shape in input_shapes)
        padded = [(*s[:1], *[1] * (rank - len(s)), *s[1:]) for s in input_shapes]
        return tuple(self._common(sizes, input_shapes) for sizes in zip(*padded, strict=True))

    def _check_run(self, inputs: Any) -> None:
        """Refuses shapes that do not fit; asks once for those that come again and again."""
        shapes = tuple(x.shape for x in inputs) if isinstance(inputs, list | tuple) else ()
        if not shapes or torch.compiler.is_compiling():
            self.output_shape(shapes or inputs)
        elif shapes != self._fitting:
            self.output_shape(shapes)
            self._fitting = shapes

    def _common(self, sizes: Sequence[Any], shapes: Sequence[Any]) -> Any:
        known = [s for s in sizes if s is not None]
        wide = [s for s in known if not (type(s) is int and s == 1)]
        if any(s != wide[0] for s in wide[1:]):
            got = tuple(map(_check.shape_text, shapes))
            _check.shape_fail(self.place, "agree in every size, or have 1 there", got)
        if len(known) < len(sizes):
            return None
        return wide[0] if wide else 1


def _with_rank(x: Tensor, rank: int) -> Tensor:
    return x if x.dim() == rank else x[(slice(None), *[None] * (rank - x.dim()))]


@register_layer("Add")
class Add(_Merging):
    """Sums its inputs, number by number: the joint of a residual net.

    Sizes must agree or be 1; an input with fewer dimensions gets sizes 1 after the batch, as in
    Keras. `a + b` of symbolic tensors is this layer.

    Shape:
        input  [(n, ...), (n, ...), ...]
        output (n, ...)

    Raises:
        ArgumentError: inputs that are not a list.
        ShapeError: sizes that neither agree nor are 1.

    Example:
        >>> import torch
        >>> Add()([torch.ones(1, 2), torch.ones(1, 2), torch.ones(1, 1)])
        tensor([[3., 3.]])
    """

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """The sum."""
        return functools.reduce(torch.add, tensors)


@register_layer("Multiply")
class Multiply(_Merging):
    """Multiplies its inputs, number by number: how weights of channels reach their feature maps.

    Shapes spread as for Add. `a * b` of symbolic tensors is this layer.

    Shape:
        input  [(n, ...), (n, ...), ...]
        output (n, ...)

    Raises:
        ArgumentError: inputs that are not a list.
        ShapeError: sizes that neither agree nor are 1.

    Example:
        >>> import torch
        >>> Multiply()([torch.ones(1, 2, 2, 3), torch.full((1, 3), 0.5)]).mean()
        tensor(0.5000)
    """

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """The product."""
        return functools.reduce(torch.mul, tensors)


@register_layer("Average")
class Average(_Merging):
    """Takes the mean of its inputs, number by number: an ensemble's vote.

    Shapes spread as for Add.

    Shape:
        input  [(n, ...), (n, ...), ...]
        output (n, ...)

    Raises:
        ArgumentError: inputs that are not a list.
        ShapeError: sizes that neither agree nor are 1.

    Example:
        >>> import torch
        >>> Average()([torch.tensor([[1.0]]), torch.tensor([[4.0]])])
        tensor([[2.5000]])
    """

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """The sum, divided by how many they are."""
        return functools.reduce(torch.add, tensors) / len(tensors)


@register_layer("Maximum")
class Maximum(_Merging):
    """Keeps the largest of its inputs, number by number.

    Shapes spread as for Add. Where two are equal, each gets half of the gradient.

    Shape:
        input  [(n, ...), (n, ...), ...]
        output (n, ...)

    Raises:
        ArgumentError: inputs that are not a list.
        ShapeError: sizes that neither agree nor are 1.

    Example:
        >>> import torch
        >>> Maximum()([torch.tensor([[1.0, 5.0]]), torch.tensor([[3.0, 2.0]])])
        tensor([[3., 5.]])
    """

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """The largest."""
        return functools.reduce(torch.maximum, tensors)


@register_layer("Subtract")
class Subtract(_Merging):
    """Takes the second of two inputs from the first, number by number.

    Shapes spread as for Add. `a - b` of symbolic tensors is this layer.

    Shape:
        input  [(n, ...), (n, ...)]
        output (n, ...)

    Raises:
        ArgumentError: inputs that are not a list of two.
        ShapeError: sizes that neither agree nor are 1.

    Example:
        >>> import torch
        >>> Subtract()([torch.tensor([[3.0]]), torch.tensor([[1.0]])])
        tensor([[2.]])
    """

    def merge(self, tensors: list[Tensor]) -> Tensor:
        """The difference."""
        return tensors[0] - tensors[1]

    def output_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """The common shape."""
        _check_list(self.place, input_shapes)
        if len(input_shapes) != 2:
            rule, got = "be a list of two tensors", f"{len(input_shapes)} tensors"
            _check.fail(self.place, "inputs", rule, got, "Sum what is to be taken away first.")
        return super().output_shape(input_shapes)


@register_layer("Concatenate")
class Concatenate(Layer):
    """Puts its inputs side by side along one axis: feature maps after feature maps.

    Args:
        axis: along which. Default -1, the channels.

    Shape:
        input  [(n, h, w, c1), (n, h, w, c2), ...]
        output (n, h, w, c1 + c2 + ...)

    Raises:
        ArgumentError: an axis that is not a whole number, or inputs that are not a list.
        ShapeError: inputs that differ in another axis.

    Example:
        >>> import torch
        >>> Concatenate()([torch.zeros(1, 4, 4, 3), torch.zeros(1, 4, 4, 5)]).shape
        torch.Size([1, 4, 4, 8])
    """

    def __init__(self, axis: int = -1, **base: Any) -> None:
        super().__init__(**base)
        self.axis = _check.whole(self.place, "axis", axis)

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """All inputs in one tensor."""
        self.output_shape([x.shape for x in inputs] if isinstance(inputs, list | tuple) else None)
        return torch.cat(list(inputs), dim=self.axis)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place, where channels are joined; else the whole map."""
        first = input_shape[0]
        return PIXEL if self.axis % len(first) == len(first) - 1 else None

    def output_shape(self, input_shapes: Any) -> Shape:
        """The sizes along the axis are summed; the others must agree."""
        _check_list(self.place, input_shapes)
        first, *rest = input_shapes
        if not -len(first) <= self.axis < len(first):
            self._refuse(f"have an axis {self.axis}", input_shapes)
        output = list(first)
        axis = self.axis % len(first)
        for shape in rest:
            if len(shape) != len(first):
                self._refuse("agree in the number of dimensions", input_shapes)
            for i, (a, b) in enumerate(zip(output, shape, strict=True)):
                if i == axis:
                    output[i] = None if a is None or b is None else a + b
                elif a is None:
                    output[i] = b
                elif b is not None and a != b:
                    self._refuse(f"agree in every axis but {axis}", input_shapes)
        return tuple(output)

    def _refuse(self, rule: str, shapes: Sequence[Any]) -> NoReturn:
        _check.shape_fail(self.place, rule, tuple(map(_check.shape_text, shapes)))


SymbolicTensor.operators |= {
    "+": lambda a, b: Add()([a, b]),
    "*": lambda a, b: Multiply()([a, b]),
    "-": lambda a, b: Subtract()([a, b]),
}
