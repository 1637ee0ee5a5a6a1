"""RandomContrast and RandomBrightness: the light of pictures changed in training."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .. import _check, ops
from .augmentation import Augmentation, factor_range, value_limits
from .base import register_layer

__all__ = ["RandomBrightness", "RandomContrast"]


@register_layer("RandomContrast")
class RandomContrast(Augmentation):
    """Changes the contrast of each picture in training; in inference it does nothing.

    (x - mean) c + mean for the mean of each channel of a picture, kept within the value range; c
    is drawn evenly between 1 - lower and 1 + upper. (Keras draws between 1 and 1 + f for a single
    factor f, and puts a pair in order.)

    Args:
        factor: (lower, upper), each 0..1, or f for both.
        value_range: the least and the greatest value of a pixel. Default (0, 255), as in Keras.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a factor outside 0..1, a value range that is no pair (low, high), a seed
            that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.tensor([100.0, 200.0]).reshape(1, 1, 2, 1)
        >>> RandomContrast(0.5)(x).flatten()
        tensor([100., 200.])
    """

    sees_pixels = True

    def __init__(
        self,
        factor: float | tuple[float, float],
        value_range: tuple[float, float] = (0, 255),
        *,
        seed: int | None = None,
        **base: Any,
    ) -> None:
        super().__init__(seed=seed, **base)
        self.factor = _parts(self.place, factor)
        self.value_range = value_limits(self.place, value_range)

    def augment(self, x: Tensor) -> Tensor:
        """The pictures with more or less contrast."""
        lower, upper = self.factor
        (amounts,) = self.draw_between(x, (1.0 - lower, 1.0 + upper))
        return ops.adjust_contrast(x, amounts).clamp(*self.value_range)


def _parts(place: str, value: Any) -> tuple[float, float]:
    """(lower, upper) of a contrast, in the order given: how far down and how far up."""
    pair = isinstance(value, list | tuple)
    ends = tuple(value) if pair else (value, value)
    if len(ends) != 2:
        rule = "be a number or a pair (lower, upper)"
        _check.fail(place, "factor", rule, value, "For example factor=(0.1, 0.2).")
    lower, upper = (_check.number(place, "factor", end, 0.0, 1.0) for end in ends)
    return lower, upper


@register_layer("RandomBrightness")
class RandomBrightness(Augmentation):
    """Makes each picture brighter or darker in training; in inference it does nothing.

    x + d (high - low), kept within the value range low..high; d is drawn evenly between the two
    ends of `factor`: at -1 everything is black, at 1 white.

    Args:
        factor: -1..1: (lower, upper), or f for (-f, f).
        value_range: the least and the greatest value of a pixel. Default (0, 255), as in Keras.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a factor outside -1..1, a value range that is no pair (low, high), a seed
            that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.tensor([100.0, 250.0]).reshape(1, 1, 2, 1)
        >>> RandomBrightness((0.2, 0.2))(x, training=True).flatten()
        tensor([151., 255.])
    """

    sees_pixels = True

    def __init__(
        self,
        factor: float | tuple[float, float],
        value_range: tuple[float, float] = (0, 255),
        *,
        seed: int | None = None,
        **base: Any,
    ) -> None:
        super().__init__(seed=seed, **base)
        self.factor = factor_range(self.place, "factor", factor)
        self.value_range = value_limits(self.place, value_range)

    def augment(self, x: Tensor) -> Tensor:
        """The pictures with more or less light."""
        low, high = self.value_range
        (parts,) = self.draw_between(x, self.factor)
        return ops.adjust_brightness(x, parts * (high - low)).clamp(low, high)
