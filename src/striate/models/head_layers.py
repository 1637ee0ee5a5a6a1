"""What each layer of a classifier's head becomes, where its net is to take pictures of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .. import ops
from ..layers import (
    Activation,
    AdaptiveAveragePooling2D,
    AveragePooling2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    LeakyReLU,
    MaxPooling2D,
    Permute,
    ReLU,
    Reshape,
)
from ..layers.base import Layer
from ..layers.config import from_json, to_json
from ..layers.weights import from_keras
from ..shapes import Shape
from ..windows import PIXEL

__all__ = ["STARTS", "Laid", "NotByPosition", "Replaced", "as_convolution", "as_window"]

STARTS = (Flatten, GlobalAveragePooling2D, GlobalMaxPooling2D, Permute, Reshape)
"""Layers that begin a head: after them there are no pixels any more."""

_WINDOWS = {GlobalAveragePooling2D: AveragePooling2D, GlobalMaxPooling2D: MaxPooling2D}
_VIEWS = (Flatten, Permute, Reshape)
_NUMBER_BY_NUMBER = (Dropout, LeakyReLU, ReLU)
_MIXING = (ops.softmax, ops.log_softmax, ops.softmin)


class NotByPosition(Exception):
    """Why a layer cannot be asked at each position of a map."""


@dataclass(frozen=True)
class Laid:
    """A tensor of a net, and where its numbers lie in the map that takes its place.

    Args:
        shape: (h, w, c) of that map for a picture of the native size.
        order: of one sample's shape: the places of its numbers in the map, read row by row, pixel
            by pixel, channel by channel; None where the tensor is that map itself.
    """

    shape: Shape
    order: Tensor | None = None

    @property
    def is_by_position(self) -> bool:
        """Whether it is one position of the map, its numbers the channels."""
        if self.order is None:
            return False
        places = self.order.flatten()
        return self.shape[:2] == (1, 1) and torch.equal(places, _places(places.shape))

    def lies_like(self, other: Laid) -> bool:
        """Whether the numbers of another lie in the same places."""
        if self.order is None or other.order is None:
            return self.order is other.order and self.shape == other.shape
        return self.shape == other.shape and torch.equal(self.order, other.order)

    @property
    def sample_shape(self) -> Shape:
        """The tensor's own shape, without the batch."""
        return self.shape if self.order is None else tuple(self.order.shape)


@dataclass(frozen=True)
class Replaced:
    """A layer's twin.

    Args:
        layer: takes its place; None where nothing has to be done.
        result: what it makes.
        kernel: of a convolution that was a Dense layer.
    """

    layer: Layer | None
    result: Laid
    kernel: Tensor | None = None


def as_window(layer: Layer, given: Laid) -> Replaced:
    """The twin of a layer that begins a head, or of an adaptive pooling, on a map.

    Raises:
        NotByPosition: why there is none.
    """
    if isinstance(layer, AdaptiveAveragePooling2D):
        return _fixed(layer, given)
    if isinstance(layer, _VIEWS):
        places = _places(given.shape)
        return _viewed(layer, Laid(given.shape, places))
    h, w, c = given.shape
    pooling = _WINDOWS[type(layer)]((h, w), strides=1)  # type: ignore[index]
    shape = tuple(layer.output_shape((1, h, w, c)))[1:]
    return Replaced(pooling, _position(shape))


def as_convolution(layer: Layer, given: Sequence[Laid]) -> Replaced:
    """The twin of a layer inside a head.

    Args:
        layer: one that is not a net.
        given: what it is called on, at least one of which has an order.

    Raises:
        NotByPosition: why there is none.
    """
    first = given[0]
    if len(given) == 1 and isinstance(layer, _VIEWS):
        return _viewed(layer, first)
    if type(layer) is Dense and len(given) == 1:
        return _convolution(layer, first)
    if all(one.is_by_position for one in given):
        return _at_each_position(layer, given)
    if len(given) == 1 and _is_number_by_number(layer):
        return Replaced(_copied(layer), first)
    raise NotByPosition("it stands between the map and the first Dense layer")


def _fixed(layer: AdaptiveAveragePooling2D, given: Laid) -> Replaced:
    """A pooling to a fixed size as one with the windows that it has at the native size."""
    size, target = given.shape[:2], layer.output_size
    if size == target:
        return Replaced(None, given)
    if any(have % want for have, want in zip(size, target, strict=True)):
        raise NotByPosition(f"its {target} windows on {size} pixels differ in size")
    h, w = (have // want for have, want in zip(size, target, strict=True))
    return Replaced(AveragePooling2D((h, w)), Laid((*target, given.shape[2])))


def _viewed(layer: Layer, given: Laid) -> Replaced:
    places = given.order
    if places is None:
        raise NotByPosition("it reads a whole map in another order")
    return Replaced(None, Laid(given.shape, layer.call(places[None])[0]))


def _convolution(layer: Dense, given: Laid) -> Replaced:
    """A Dense layer as a convolution whose window is the whole native map."""
    places = given.order
    h, w, c = given.shape
    if places is None or places.shape[-1] != h * w * c:
        raise NotByPosition("it sees a part of the numbers at a time")
    config = to_json(layer)["config"]
    units = config.pop("units")
    entry = {"type": "Conv2D", "config": {"filters": units, "kernel_size": [h, w], **config}}
    flat = torch.empty_like(layer.weight.detach())
    flat[:, places.flatten().to(flat.device)] = layer.weight.detach()
    kernel = from_keras(flat.reshape(units, h, w, c).permute(0, 3, 1, 2), ())
    return Replaced(from_json(entry), _position((*places.shape[:-1], units)), kernel)


def _at_each_position(layer: Layer, given: Sequence[Laid]) -> Replaced:
    """A layer that does to one position what it does to each position of a map."""
    rows = [(1, *one.sample_shape) for one in given]
    maps = [(None, None, None, one.shape[2]) for one in given]
    several = len(given) > 1
    if layer.windows(maps if several else maps[0]) != PIXEL:
        fix = "axis=-1 means the same in a row and in a map" if hasattr(layer, "axis") else ""
        raise NotByPosition(fix or "it does not treat each position of a map alike")
    shape = tuple(layer.output_shape(rows if several else rows[0]))[1:]
    return Replaced(_copied(layer), _position(shape))


def _is_number_by_number(layer: Layer) -> bool:
    if isinstance(layer, Activation):
        return layer.activation not in _MIXING
    return isinstance(layer, _NUMBER_BY_NUMBER)


def _position(shape: Shape) -> Laid:
    places = _places(shape)
    return Laid((1, 1, places.numel()), places)


def _places(shape: Shape) -> Tensor:
    count = torch.Size(shape).numel()
    return torch.arange(count, device="cpu").reshape(shape)


def _copied(layer: Layer) -> Layer:
    return from_json(to_json(layer))
