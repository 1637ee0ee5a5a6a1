"""Add and Concatenate: several tensors become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .. import _check
from ..shapes import Shape
from .base import Layer, register_layer
from .symbolic import SymbolicTensor

__all__ = ["Add", "Concatenate"]


def _check_list(place: str, inputs: Any) -> None:
    if not isinstance(inputs, list | tuple) or not inputs or isinstance(inputs[0], int | None):
        rule, fix = "be a list of tensors", "Call it on a list: layer([a, b])."
        _check.fail(place, "inputs", rule, type(inputs).__name__, fix)


@register_layer("Add")
class Add(Layer):
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

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The sum."""
        self._check_inputs([x.shape for x in inputs] if isinstance(inputs, list | tuple) else None)
        rank = max(x.dim() for x in inputs)
        total, *rest = (_with_rank(x, rank) for x in inputs)
        for x in rest:
            total = total + x
        return total

    def output_shape(self, input_shapes: Sequence[Shape]) -> Shape:
        """The common shape."""
        return self._check_inputs(input_shapes)

    def _check_inputs(self, shapes: Any) -> Shape:
        _check_list(self.place, shapes)
        if not all(shapes):
            _check.shape_fail(self.place, "have a batch dimension", tuple(map(tuple, shapes)))
        rank = max(len(shape) for shape in shapes)
        padded = [(*s[:1], *[1] * (rank - len(s)), *s[1:]) for s in shapes]
        return tuple(self._common(sizes, shapes) for sizes in zip(*padded, strict=True))

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

    def output_shape(self, input_shapes: Any) -> Shape:
        """The sizes along the axis are summed; the others must agree."""
        _check_list(self.place, input_shapes)
        first, *rest = input_shapes
        got = tuple(map(_check.shape_text, input_shapes))
        if not -len(first) <= self.axis < len(first):
            _check.shape_fail(self.place, f"have an axis {self.axis}", got)
        output = list(first)
        axis = self.axis % len(first)
        for shape in rest:
            if len(shape) != len(first):
                _check.shape_fail(self.place, "agree in the number of dimensions", got)
            for i, (a, b) in enumerate(zip(output, shape, strict=True)):
                if i == axis:
                    output[i] = None if a is None or b is None else a + b
                elif a is None:
                    output[i] = b
                elif b is not None and a != b:
                    _check.shape_fail(self.place, f"agree in every axis but {axis}", got)
        return tuple(output)


SymbolicTensor.operators["+"] = lambda a, b: Add()([a, b])
