"""The frozen records that cross the rooms: Batch, Boxes, Masks, Preprocess. Checked at birth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from . import _check, structure
from ._constant import constant

__all__ = ["IGNORED_PIXEL", "Batch", "Boxes", "Masks", "Preprocess"]

IGNORED_PIXEL = 255
"""The mask value of a pixel that takes no part in loss and metrics."""


@dataclass(frozen=True)
class Boxes:
    """The boxes of a batch of pictures, padded to the same number.

    Args:
        boxes_xyxy: (n, b, 4) left, top, right, bottom in pixels; right and bottom exclusive.
        labels: (n, b) class numbers.
        valid: (n, b) True where there is a box, False where there is padding.

    Raises:
        ArgumentError: the three do not agree in n and b, or valid is not boolean.
    """

    boxes_xyxy: Tensor
    labels: Tensor
    valid: Tensor

    def __post_init__(self) -> None:
        shape = tuple(self.boxes_xyxy.shape)
        if len(shape) != 3 or shape[-1] != 4:
            _check.fail("Boxes", "boxes_xyxy", "have shape (n, b, 4)", shape)
        for name in ("labels", "valid"):
            if tuple(getattr(self, name).shape) != shape[:2]:
                rule = f"have shape (n, b) = {shape[:2]}, as boxes_xyxy"
                _check.fail("Boxes", name, rule, tuple(getattr(self, name).shape))
        if self.valid.dtype != torch.bool:
            _check.fail("Boxes", "valid", "be a boolean tensor", self.valid.dtype)


@dataclass(frozen=True)
class Masks:
    """Class numbers of every pixel of a batch of pictures.

    Args:
        classes: (n, h, w) uint8; 255 marks a pixel that is ignored.

    Raises:
        ArgumentError: another rank or another number type.
    """

    classes: Tensor

    def __post_init__(self) -> None:
        if self.classes.dim() != 3:
            _check.fail("Masks", "classes", "have shape (n, h, w)", tuple(self.classes.shape))
        if self.classes.dtype != torch.uint8:
            _check.fail("Masks", "classes", "be uint8", self.classes.dtype)

    @property
    def valid(self) -> Tensor:
        """(n, h, w) True where the pixel counts."""
        return self.classes != IGNORED_PIXEL


@dataclass(frozen=True)
class Batch:
    """One batch: what the step takes.

    Args:
        images: (n, h, w, c), or a structure of such for a model of several inputs.
        targets: whatever the loss takes, first dimension n; None to predict.
        weights: (n,) weight of each sample in the loss, or None for 1 each.
        sample_ids: (n,) int64 number of each sample in its data set: the key of its random draws.

    Raises:
        ArgumentError: images that hold no tensor; parts that disagree in n.
    """

    images: Any
    targets: Any = None
    weights: Any = None
    sample_ids: Tensor | None = None

    def __post_init__(self) -> None:
        images = structure.leaves(self.images)
        if not images or not all(hasattr(leaf, "shape") for leaf in images):
            _check.fail("Batch", "images", "hold tensors", type(self.images).__name__)
        count = len(self)
        for part in ("targets", "weights", "sample_ids"):
            for leaf in structure.leaves(getattr(self, part)):
                size = getattr(leaf, "shape", (count,))[:1]
                if tuple(size) not in ((), (count,)):
                    rule = f"have the batch's {count} samples"
                    _check.fail("Batch", part, rule, tuple(leaf.shape))

    def __len__(self) -> int:
        """Samples in the batch."""
        return int(structure.leaves(self.images)[0].shape[0])

    @classmethod
    def of(cls, value: Any) -> Batch:
        """A batch from a Batch, (images,), (images, targets) or (images, targets, weights)."""
        if isinstance(value, cls):
            return value
        if isinstance(value, tuple | list) and 1 <= len(value) <= 3:
            return cls(*value)
        if hasattr(value, "shape"):
            return cls(value)
        rule = "be a Batch, images, (images, targets) or (images, targets, weights)"
        _check.fail("Batch", "value", rule, type(value).__name__)


@dataclass(frozen=True)
class Preprocess:
    """How pictures become the numbers a net was trained on; travels with the net.

    Pictures are fitted to `size`, put in channel order, and x -> (x * scale - mean) / std.
    The identity is `Preprocess()`.

    Args:
        size: (h, w) in pixels to which pictures are fitted; None leaves them as they are.
        fit: "squash" changes the proportions, "crop" cuts the longer side at its centre, "pad"
            adds black bars.
        interpolation: "bilinear", "nearest" or "bicubic", with antialiasing when shrinking.
        channels: 1 or 3 channels that the decoder delivers; None for what the file has.
        scale: factor on the pixel values 0..255.
        mean, std: one number a channel, or one for all, in units after the scale.
        order: "rgb" or "bgr".
        short_side_px: with "crop": the whole picture is first scaled until its shorter side has so
            many pixels, and of that the middle is cut. Default None: nothing of the shorter side
            is cut.

    Raises:
        ArgumentError: a word that is not known; what is no finite number; a std that is not
            positive; short_side_px without "crop", without size, or below the size.

    Example:
        >>> Preprocess(scale=1 / 255).apply(torch.full((1, 1, 1, 3), 255, dtype=torch.uint8))
        tensor([[[[1., 1., 1.]]]])
    """

    size: tuple[int, int] | None = None
    fit: str = "squash"
    interpolation: str = "bilinear"
    channels: int | None = None
    scale: float = 1.0
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    order: str = "rgb"
    short_side_px: int | None = None

    def __post_init__(self) -> None:
        place = "Preprocess"
        if self.size is not None:
            object.__setattr__(self, "size", _check.pair(place, "size", self.size))
        _check.choice(place, "fit", self.fit, ("squash", "crop", "pad"))
        known = ("bilinear", "nearest", "bicubic")
        _check.choice(place, "interpolation", self.interpolation, known)
        _check.choice(place, "order", self.order, ("rgb", "bgr"))
        if self.channels not in (None, 1, 3):
            _check.fail(place, "channels", "be 1, 3 or None", self.channels)
        object.__setattr__(self, "scale", _check.number(place, "scale", self.scale))
        for name in ("mean", "std"):
            object.__setattr__(self, name, _channel_numbers(name, getattr(self, name)))
        if not all(value > 0 for value in self.std):
            _check.fail(place, "std", "be positive", self.std)
        if self.short_side_px is not None:
            self._check_short_side(_check.positive_int(place, "short_side_px", self.short_side_px))

    def _check_short_side(self, short_side_px: int) -> None:
        if self.size is None or self.fit != "crop" or short_side_px < max(self.size):
            rule = 'stand beside fit="crop" and a size that is not greater'
            fix = f"Here fit={self.fit!r} and size={self.size}."
            _check.fail("Preprocess", "short_side_px", rule, short_side_px, fix)

    def apply(self, images: Tensor) -> Tensor:
        """Order, scale, mean and std, where the images are: (n, h, w, c) to floating point."""
        x = images.flip(-1) if self.order == "bgr" else images
        if not x.is_floating_point():
            x = x.to(torch.get_default_dtype())
        if self.scale != 1.0:
            x = x * self.scale
        if any(self.mean):
            x = x - constant(self.mean, x)
        if self.std != (1.0,) * len(self.std):
            x = x / constant(self.std, x)
        return x

    @property
    def is_identity(self) -> bool:
        """Whether `apply` only casts."""
        plain = self.scale == 1.0 and not any(self.mean) and set(self.std) == {1.0}
        return plain and self.order == "rgb"


def _channel_numbers(name: str, given: Any) -> tuple[float, ...]:
    numbers = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(numbers, list | tuple) or not numbers:
        rule = "be a tuple of numbers, one a channel, or one for all"
        _check.fail("Preprocess", name, rule, given, f"For example {name}=(0.5,).")
    return tuple(_check.numbers("Preprocess", name, numbers))
