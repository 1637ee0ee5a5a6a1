"""Flatten, Reshape and Permute: the numbers of a sample in another order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from ..windows import PIXEL, Windows
from .base import Layer, register_layer

__all__ = ["Flatten", "Permute", "Reshape"]


class _Viewing(Layer):
    """A layer whose result is its input, read in another way."""

    def cost(self, input_shape: Shape) -> Cost:
        """Nothing: the result is a view."""
        return Cost(self.output_shape(input_shape), 0, 0, 0)

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        if not shape:
            _check.shape_fail(self.place, "have a batch dimension (n, ...)", shape)


@register_layer("Flatten")
class Flatten(_Viewing):
    """Puts all numbers of a sample in one row, in the order height, width, channel.

    It is a view: no number is copied. Nets of other worlds flatten channel first; their Dense
    weights need another order.

    Shape:
        input  (n, ...)
        output (n, product of the rest)

    Raises:
        ShapeError: an input without a batch dimension.

    Example:
        >>> import torch
        >>> Flatten()(torch.zeros(2, 3, 3, 128)).shape
        torch.Size([2, 1152])
    """

    def call(self, x: Tensor) -> Tensor:
        """One row a sample."""
        return x.flatten(1) if x.dim() > 1 else x[:, None]

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, product of the rest)."""
        self.check_input(input_shape)
        return (input_shape[0], shapes.element_count(input_shape[1:]))


@register_layer("Reshape")
class Reshape(_Viewing):
    """Reads the numbers of a sample, in their order height, width, channel, as another shape.

    It is a view: no number is copied, unless a layer before it, such as Permute, left them in
    another order.

    Args:
        target_shape: sizes of one sample, without the batch; one of them may be -1, which is what
            the others leave.

    Shape:
        input  (n, ...)
        output (n, *target_shape)

    Raises:
        ArgumentError: a size that is neither at least 1 nor the only -1.
        ShapeError: an input that has another number of values, or without a batch dimension.

    Example:
        >>> import torch
        >>> Reshape((28, 28, 1))(torch.zeros(2, 784)).shape
        torch.Size([2, 28, 28, 1])
    """

    def __init__(self, target_shape: Sequence[int], **base: Any) -> None:
        super().__init__(**base)
        self.target_shape = _check_target(self.place, target_shape)
        self._infers = -1 in self.target_shape

    def call(self, x: Tensor) -> Tensor:
        """The numbers in the new shape."""
        if self._infers and x.dim() > 1:  # finds the -1 in an empty batch too
            y: Tensor = x.flatten(1).unflatten(1, self.target_shape)
            return y
        return x.reshape(x.shape[0], *self.target_shape)

    def windows(self, input_shape: Any) -> Windows | None:
        """The pixel at the place where height and width stay; else the whole map."""
        stays = tuple(self.output_shape(input_shape))[1:-1] == tuple(input_shape)[1:-1]
        return PIXEL if stays and len(input_shape) == 4 else None

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, *target_shape), with None for -1 where a size of the input is open."""
        self.check_input(input_shape)
        return (input_shape[0], *shapes.reshaped(input_shape[1:], self.target_shape))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        super().check_input(shape)
        sizes = shape[1:]
        if not all(type(size) is int for size in sizes):
            return
        if shapes.element_count(shapes.reshaped(sizes, self.target_shape)) != (
            shapes.element_count(sizes)
        ):
            rule = f"have as many numbers a sample as target_shape={self.target_shape}"
            if self._infers:
                rule = f"have numbers that fill target_shape={self.target_shape}"
            _check.shape_fail(self.place, rule, shape)


def _check_target(place: str, target: Any) -> tuple[int, ...]:
    rule = "hold the sizes of one sample, each at least 1, one of them perhaps -1"
    good = isinstance(target, list | tuple) and all(
        hasattr(size, "__index__")
        and not isinstance(size, bool)
        and (size.__index__() >= 1 or size.__index__() == -1)
        for size in target
    )
    sizes = tuple(int(size.__index__()) for size in target) if good else ()
    if not good or sizes.count(-1) > 1:
        _check.fail(place, "target_shape", rule, target, "For example target_shape=(28, 28, 1).")
    return sizes


@register_layer("Permute")
class Permute(_Viewing):
    """Puts the axes of a sample in another order.

    It is a view: no number is copied, and what reads it next reads across memory.

    Args:
        dims: the axes of the input in their new order, counted from 1, without the batch.

    Shape:
        input  (n, ...)
        output (n, ...), its axis i the input's axis dims[i]

    Raises:
        ArgumentError: something else than each of 1, 2, ... once.
        ShapeError: an input with another number of dimensions.

    Example:
        >>> import torch
        >>> Permute((3, 1, 2))(torch.zeros(1, 32, 48, 3)).shape
        torch.Size([1, 3, 32, 48])
    """

    def __init__(self, dims: Sequence[int], **base: Any) -> None:
        super().__init__(**base)
        listed = isinstance(dims, list | tuple)
        whole = listed and all(hasattr(d, "__index__") and not isinstance(d, bool) for d in dims)
        order = tuple(int(d.__index__()) for d in dims) if whole else (0,)
        if sorted(order) != list(range(1, len(order) + 1)):
            rule = "hold each of 1, 2, ... once, the axes after the batch"
            _check.fail(self.place, "dims", rule, dims, "For example dims=(2, 1, 3).")
        self.dims = order

    def call(self, x: Tensor) -> Tensor:
        """The same numbers under other axes."""
        return x.permute(0, *self.dims)

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's sizes in the new order."""
        self.check_input(input_shape)
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        rank = len(self.dims) + 1
        layout = "(" + ", ".join(["n", *(f"axis {axis}" for axis in range(1, rank))]) + ")"
        _check.rank(self.place, shape, rank, layout)
