"""TakeChannels: some channels of a map, in any order, some perhaps more than once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .. import _check, shapes
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["TakeChannels"]


@register_layer("TakeChannels")
class TakeChannels(Layer):
    """Gives the channels of these numbers, in the order of the list.

    With a convolution of groups behind it, each filter sees just the channels that it shall see.

    Args:
        indices: numbers of channels from 0; one may stand several times.

    Shape:
        input  (n, ..., c)
        output (n, ..., length of indices)

    Raises:
        ArgumentError: no number, or something else than whole numbers of at least 0.
        ShapeError: an input that lacks one of the channels.

    Example:
        >>> import torch
        >>> TakeChannels((2, 0, 2))(torch.tensor([[5.0, 6.0, 7.0]]))
        tensor([[7., 5., 7.]])
    """

    sees_pixels = True

    places: Tensor

    def __init__(self, indices: Sequence[int], **base: Any) -> None:
        super().__init__(**base)
        if not isinstance(indices, list | tuple) or not indices:
            rule = "list the numbers of channels"
            _check.fail(self.place, "indices", rule, indices, "For example indices=(0, 2).")
        self.indices = tuple(_check.whole(self.place, "indices", one, 0) for one in indices)
        self.register_buffer("places", torch.tensor(self.indices), persistent=False)

    def call(self, x: Tensor) -> Tensor:
        """The chosen channels."""
        return x.index_select(-1, self.places)

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, ..., length of indices)."""
        self.check_input(input_shape)
        return (*input_shape[:-1], len(self.indices))

    def cost(self, input_shape: Shape) -> Cost:
        """No parameters and no multiply-adds: only the bytes of the result."""
        output = self.output_shape(input_shape)
        return Cost(output, 0, 0, shapes.tensor_bytes(output))

    def check_input(self, shape: Any) -> None:
        """Refuses an input that the layer cannot take."""
        if len(shape) < 2:
            _check.shape_fail(self.place, "have 2 dimensions (n, c) or more", shape)
        if shape[-1] is not None and shape[-1] <= max(self.indices):
            rule = f"have a channel {max(self.indices)}, counted from 0"
            _check.shape_fail(self.place, rule, shape)
