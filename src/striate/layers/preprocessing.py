"""Rescaling, Resizing, CenterCrop: what makes a picture fit a net, inside the net."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .. import _check, ops
from ..ops.resize import INTERPOLATIONS, crop_to_ratio, pad_to_ratio
from ..shapes import Cost, Shape
from .base import Layer, register_layer

__all__ = ["CenterCrop", "Rescaling", "Resizing"]


class _OnPictures(Layer):
    """A layer that also takes a list of pictures of one size, as scikit-learn gives them."""

    def __call__(self, *args: Any, training: bool | None = None, **kwargs: Any) -> Any:
        if args and type(args[0]) is list and args[0]:
            args = (self._batch(args[0]), *args[1:])
        return super().__call__(*args, training=training, **kwargs)

    def _batch(self, x: list[Any]) -> Any:
        for picture in x:
            if tuple(picture.shape) != tuple(x[0].shape):
                rule = "hold pictures of one size where it is a list"
                fix = f"Call the layer on it alone; the first is {tuple(x[0].shape)}."
                _check.shape_fail(self.place, rule, picture.shape, fix)
        stack: Any = torch.stack if isinstance(x[0], Tensor) else np.stack
        return stack(x)


@register_layer("Rescaling")
class Rescaling(_OnPictures):
    """Multiplies and shifts every number: x scale + offset. Whole numbers become float32.

    Args:
        scale: factor; 1 / 255 takes pixel values to 0..1.
        offset: added afterwards. Default 0.

    Shape:
        input  (n, ...)
        output (n, ...)

    Raises:
        ArgumentError: something that is not a number.

    Example:
        >>> import torch
        >>> Rescaling(1 / 127.5, offset=-1)(torch.tensor([[0, 255]], dtype=torch.uint8))
        tensor([[-1.,  1.]])
    """

    sees_pixels = True

    casts_input = False  # whole numbers are cast by the product itself, in one pass

    def __init__(self, scale: float, offset: float = 0.0, **base: Any) -> None:
        super().__init__(**base)
        self.scale = _check.number(self.place, "scale", scale)
        self.offset = _check.number(self.place, "offset", offset)

    def call(self, x: Tensor) -> Tensor:
        """The scaled and shifted numbers."""
        y = x * self.scale
        return y.add_(self.offset) if self.offset else y

    def output_shape(self, input_shape: Shape) -> Shape:
        """The input's."""
        return tuple(input_shape)


class _Fitting(_OnPictures):
    """A layer that brings pictures to one height and width."""

    height: int
    width: int

    def output_shape(self, input_shape: Shape) -> Shape:
        """(n, height, width, c)."""
        _check.rank(self.place, input_shape, 4, "(n, h, w, c)")
        return (input_shape[0], self.height, self.width, input_shape[-1])


@register_layer("Resizing")
class Resizing(_Fitting):
    """Resizes pictures to one height and width; the proportions change unless said otherwise.

    Args:
        height, width: of the result, in pixels.
        interpolation: "bilinear", "nearest" or "bicubic".
        crop_to_aspect_ratio: whether to cut the longer side at its middle first. Default False.
        pad_to_aspect_ratio: whether to add black bars first. Default False.
        antialias: whether every pixel counts when the picture shrinks. Default False, as in Keras.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1, an unknown word, or both ways to keep the proportions.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> Resizing(32, 32)(torch.zeros(1, 480, 640, 3)).shape
        torch.Size([1, 32, 32, 3])
    """

    def __init__(
        self,
        height: int,
        width: int,
        *,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        antialias: bool = False,
        **base: Any,
    ) -> None:
        super().__init__(**base)
        place = self.place
        self.height = _check.positive_int(place, "height", height)
        self.width = _check.positive_int(place, "width", width)
        self.interpolation = _check.choice(place, "interpolation", interpolation, INTERPOLATIONS)
        self.crop_to_aspect_ratio = _check.flag(place, "crop_to_aspect_ratio", crop_to_aspect_ratio)
        self.pad_to_aspect_ratio = _check.flag(place, "pad_to_aspect_ratio", pad_to_aspect_ratio)
        self.antialias = _check.flag(place, "antialias", antialias)
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            rule = "be False where crop_to_aspect_ratio is True"
            _check.fail(place, "pad_to_aspect_ratio", rule, True, "Choose one of them.")

    def call(self, x: Tensor) -> Tensor:
        """The resized pictures."""
        _check.rank(self.place, x.shape, 4, "(n, h, w, c)")
        size = (self.height, self.width)
        if self.crop_to_aspect_ratio:
            x = crop_to_ratio(x, size)
        elif self.pad_to_aspect_ratio:
            x = pad_to_ratio(x, size)
        return ops.resize(x, size, interpolation=self.interpolation, antialias=self.antialias)


@register_layer("CenterCrop")
class CenterCrop(_Fitting):
    """Cuts the middle out of every picture.

    A picture that is smaller than the crop is not padded: the largest window of the crop's
    proportions is cut out of its middle and enlarged, as in Keras.

    Args:
        height, width: of the result, in pixels.

    Shape:
        input  (n, h, w, c)
        output (n, height, width, c)

    Raises:
        ArgumentError: a size below 1.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> CenterCrop(70, 120)(torch.zeros(2, 427, 640, 3)).shape
        torch.Size([2, 70, 120, 3])
    """

    def __init__(self, height: int, width: int, **base: Any) -> None:
        super().__init__(**base)
        self.height = _check.positive_int(self.place, "height", height)
        self.width = _check.positive_int(self.place, "width", width)

    def call(self, x: Tensor) -> Tensor:
        """The middle of every picture."""
        _check.rank(self.place, x.shape, 4, "(n, h, w, c)")
        return ops.center_crop(x, (self.height, self.width))

    def cost(self, input_shape: Shape) -> Cost:
        """Nothing where the picture is as large as the crop: the result is then a view."""
        found = super().cost(input_shape)
        pairs = zip(input_shape[1:3], (self.height, self.width), strict=True)
        is_view = all(size is not None and size >= least for size, least in pairs)
        return replace(found, output_bytes=0) if is_view else found
