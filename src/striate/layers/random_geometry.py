"""RandomFlip, RandomRotation, RandomTranslation, RandomZoom: pictures moved in training."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from .. import _check, ops
from ..ops.geometry import rotation, scale_and_shift
from ..ops.sampling import FILL_MODES, INTERPOLATIONS
from .augmentation import Augmentation, factor_range
from .base import register_layer

__all__ = ["RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom"]

_FLIPS = ("horizontal", "vertical", "horizontal_and_vertical")


@register_layer("RandomFlip")
class RandomFlip(Augmentation):
    """Mirrors each picture half of the time in training; in inference it does nothing.

    "horizontal_and_vertical" decides about the two directions apart, so that of four pictures one
    stays, one is mirrored each way, and one both ways. (Keras mirrors both ways or not at all.)

    Args:
        mode: "horizontal" (left and right change places), "vertical" (top and bottom), or
            "horizontal_and_vertical". Default the last.
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: an unknown mode, a seed that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> RandomFlip("horizontal")(torch.tensor([1.0, 2.0]).reshape(1, 1, 2, 1)).flatten()
        tensor([1., 2.])
    """

    sees_pixels = True

    def __init__(
        self, mode: str = "horizontal_and_vertical", *, seed: int | None = None, **base: Any
    ) -> None:
        super().__init__(seed=seed, **base)
        self.mode = _check.choice(self.place, "mode", mode, _FLIPS)

    def augment(self, x: Tensor) -> Tensor:
        """The pictures, half of them mirrored each way that is asked for."""
        ways = self.mode.split("_and_")
        which = (self.draw((len(ways),), x) < 0.5).unbind(1)
        return ops.flip(x, **dict(zip(ways, which, strict=True)))


class _Moving(Augmentation):
    """A layer that reads pictures between their pixels and beyond their edges."""

    sees_pixels = True

    def __init__(
        self,
        fill_mode: str,
        interpolation: str,
        *,
        seed: int | None,
        fill_value: float,
        **base: Any,
    ) -> None:
        super().__init__(seed=seed, **base)
        place = self.place
        self.fill_mode = _check.choice(place, "fill_mode", fill_mode, FILL_MODES)
        self.interpolation = _check.choice(place, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_value = _check.number(place, "fill_value", fill_value)

    def _sampling(self) -> dict[str, Any]:
        return {
            "interpolation": self.interpolation,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
        }


@register_layer("RandomRotation")
class RandomRotation(_Moving):
    """Turns each picture about its middle in training; in inference it does nothing.

    The angle is drawn evenly between the two ends of `factor`.

    Args:
        factor: part of a whole turn, against the clock, -1..1: (lower, upper), or f for (-f, f).
        fill_mode: what lies outside a picture: "reflect" (d c b a | a b c d), "constant",
            "nearest" (the edge) or "wrap" (the other side). Default "reflect".
        interpolation: "bilinear" or "nearest". Default "bilinear".
        seed: of the draws; layers of one seed draw the same. Default None: the layer's place.
        fill_value: the number outside where fill_mode is "constant". Default 0.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a factor outside -1..1, an unknown word, a seed that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
        >>> y = RandomRotation((0.5, 0.5))(x, training=True)
        >>> y.flatten().round(decimals=3)
        tensor([3., 2., 1.])
    """

    def __init__(
        self,
        factor: float | tuple[float, float],
        fill_mode: str = "reflect",
        *,
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        **base: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed=seed, fill_value=fill_value, **base)
        self.factor = factor_range(self.place, "factor", factor)

    def augment(self, x: Tensor) -> Tensor:
        """The turned pictures."""
        (turns,) = self.draw_between(x, self.factor)
        matrices = rotation(turns * (2 * math.pi), x.shape[1:3])
        return ops.affine_transform(x, matrices, **self._sampling())


@register_layer("RandomTranslation")
class RandomTranslation(_Moving):
    """Shifts each picture down and to the right in training; in inference it does nothing.

    The shifts are drawn evenly between the ends of their factors and need not be whole pixels.

    Args:
        height_factor: shift down as a part of the height, -1..1: (lower, upper), or f for (-f, f).
        width_factor: shift to the right as a part of the width, likewise.
        fill_mode, interpolation, seed, fill_value: as for RandomRotation.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a factor outside -1..1, an unknown word, a seed that is not a whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.tensor([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 4, 1)
        >>> layer = RandomTranslation(0.0, (0.25, 0.25), fill_mode="wrap")
        >>> layer(x, training=True).flatten()
        tensor([4., 1., 2., 3.])
    """

    def __init__(
        self,
        height_factor: float | tuple[float, float],
        width_factor: float | tuple[float, float],
        *,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        **base: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed=seed, fill_value=fill_value, **base)
        self.height_factor = factor_range(self.place, "height_factor", height_factor)
        self.width_factor = factor_range(self.place, "width_factor", width_factor)

    def augment(self, x: Tensor) -> Tensor:
        """The shifted pictures."""
        down, right = self.draw_between(x, self.height_factor, self.width_factor)
        shifts = (down * x.shape[1], right * x.shape[2])
        return scale_and_shift(x, shifts=shifts, **self._sampling())


@register_layer("RandomZoom")
class RandomZoom(_Moving):
    """Zooms each picture about its middle in training; in inference it does nothing.

    1 + a number drawn evenly between the ends of a factor is how much more of the picture is
    seen: above 0 it zooms out, below 0 in.

    Args:
        height_factor: -1 < factor <= 1: (lower, upper), or f for (-f, f).
        width_factor: likewise. Default None: as much as the height, so that proportions stay.
        fill_mode, interpolation, seed, fill_value: as for RandomRotation.

    Shape:
        input  (n, h, w, c)
        output (n, h, w, c)

    Raises:
        ArgumentError: a factor outside -1 < factor <= 1, an unknown word, a seed that is not a
            whole number.
        ShapeError: an input that is not 4-dimensional.

    Example:
        >>> import torch
        >>> x = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
        >>> RandomZoom((-0.5, -0.5))(x, training=True).flatten()
        tensor([1.5000, 2.0000, 2.5000])
    """

    def __init__(
        self,
        height_factor: float | tuple[float, float],
        width_factor: float | tuple[float, float] | None = None,
        *,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        **base: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed=seed, fill_value=fill_value, **base)
        self.height_factor = self._zoom("height_factor", height_factor)
        self.width_factor = None
        if width_factor is not None:
            self.width_factor = self._zoom("width_factor", width_factor)

    def _zoom(self, argument: str, value: Any) -> tuple[float, float]:
        factor = factor_range(self.place, argument, value)
        if factor[0] <= -1.0:
            fix = "At -1 one pixel would fill the picture."
            _check.fail(self.place, argument, "be above -1", value, fix)
        return factor

    def augment(self, x: Tensor) -> Tensor:
        """The zoomed pictures."""
        if self.width_factor is None:
            tall, *_ = self.draw_between(x, self.height_factor)
            wide = tall
        else:
            tall, wide = self.draw_between(x, self.height_factor, self.width_factor)
        return scale_and_shift(x, scales=(1.0 + tall, 1.0 + wide), **self._sampling())
