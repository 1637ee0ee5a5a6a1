"""RandomCrop: a window of each picture, somewhere in training and at the middle otherwise."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops
from ..shapes import Shape
from .augmentation import Augmentation
from .base import register_layer

__all__ = ["RandomCrop"]


@register_layer("RandomCrop")
class RandomCrop(Augmentation):
    """Cuts a window out of each picture: anywhere in training, at the middle in inference.

    Each picture has a place of its own. A picture that is smaller than the window is treated as by
    CenterCrop: the largest window of the same proportions is cut out of its middle and enlarged.

    Args:
        height, width: of the window, in pixels.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1, a seed that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> RandomCrop(224, 224)(torch.zeros(2, 256, 341, 3), training=True).shape
        torch.Size([2, 224, 224, 3])
    """

    def __init__(self, height: int, width: int, *, seed: int | None = None, **base: Any) -> None:
        super().__init__(seed=seed, **base)
        self.height = _check.positive_int(self.place, "height", height)
        self.width = _check.positive_int(self.place, "width", width)

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """The windows."""
        return self.augment(x) if training else ops.center_crop(x, (self.height, self.width))

    def augment(self, x: Tensor) -> Tensor:
        """A window of each picture, somewhere."""
        size = (self.height, self.width)
        if x.shape[1] < self.height or x.shape[2] < self.width:
            return ops.center_crop(x, size)
        return ops.random_crop(x, size, draws=self.draw((2,), x))

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, height, width, c)."""
        self.check_input(input_shape)
        return (input_shape[0], self.height, self.width, input_shape[-1])
