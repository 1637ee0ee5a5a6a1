"""The net that `striate train` trains: plain blocks of convolutions, as the books teach them."""

from __future__ import annotations

from typing import Any

from striate import _check
from striate.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    GlobalAveragePooling2D,
    MaxPooling2D,
)
from striate.models import Input, Model

__all__ = ["LAST_MAP_PX", "convnet"]

LAST_MAP_PX = 7
"""Blocks are added until the longer side of the map is no longer than this."""

_FIRST_FILTERS, _MOST_TIMES = 32, 8
_LARGE_PX = 64
_NORM_MOMENTUM = 0.9  # the default, 0.99, needs hundreds of steps, which small sets do not have


def convnet(
    input_shape: tuple[int, int, int],
    classes: int,
    *,
    dropout: float = 0.3,
    filters: int = _FIRST_FILTERS,
    several: bool = False,
) -> Model:
    """A convnet for pictures of one size: the smaller the map, the more filters it has.

    A block is twice (3 × 3 convolution without bias, batch normalisation, relu), then a max-pooling
    that halves the map. The first block has 32 filters, each later one twice as many, up to 8
    times as many. Blocks follow until the map is 7 pixels or less, and one more block without
    pooling ends it; then the mean over the map, dropout, and one softmax unit a class. The first
    convolution of pictures over 64 pixels has strides of 2, which makes the net four times as
    fast. The pixels that it takes are 0..1: `Preprocess(scale=1 / 255)` makes them so.

    Args:
        input_shape: (h, w, c) of the pictures.
        classes: number of classes, 2 or more.
        dropout: part of the last features that is dropped in training. Default 0.3.
        filters: of the first block. Default 32.
        several: whether a picture may have several classes, or none: sigmoid takes the place of
            softmax.

    Shape:
        input  (n, h, w, c)
        output (n, q), q = classes

    Raises:
        ArgumentError: a shape that is not (h, w, c), fewer than 2 classes, or no fraction.

    Example:
        >>> convnet((28, 28, 1), 10).count_params()
        289066

    Reference:
        Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
        Recognition", ICLR 2015, arXiv 1409.1556 (the blocks); Ioffe & Szegedy, "Batch
        Normalization", ICML 2015, arXiv 1502.03167; Lin, Chen, Yan, "Network In Network",
        ICLR 2014, arXiv 1312.4400, section 3.2 (the mean over the map).
    """
    place = "convnet"
    if len(input_shape) != 3:
        _check.fail(place, "input_shape", "be (h, w, c)", input_shape, "For example (28, 28, 1).")
    height, width, channels = (_check.positive_int(place, "input_shape", n) for n in input_shape)
    if _check.positive_int(place, "classes", classes) < 2:
        _check.fail(place, "classes", "be 2 or more", classes)
    most = _MOST_TIMES * _check.positive_int(place, "filters", filters)
    inputs = Input((height, width, channels), name="pictures")
    x, side, number = inputs, max(height, width), 1
    strides = 2 if side > _LARGE_PX else 1
    side = -(-side // strides)
    while side > LAST_MAP_PX:
        x = _block(x, filters, f"block{number}", strides=strides)
        x = MaxPooling2D(2, name=f"block{number}_pool")(x)
        side, filters = side // 2, min(2 * filters, most)
        number, strides = number + 1, 1
    x = _block(x, filters, f"block{number}", strides=strides)
    x = GlobalAveragePooling2D(name="mean")(x)
    x = Dropout(dropout, name="dropout")(x)
    head = "sigmoid" if several else "softmax"
    outputs = Dense(classes, activation=head, name="classes")(x)
    return Model(inputs, outputs, name="convnet")


def _block(x: Any, filters: int, name: str, *, strides: int) -> Any:
    """Twice: convolution, batch normalisation, relu."""
    for number in (1, 2):
        step = strides if number == 1 else 1
        conv = Conv2D(
            filters,
            3,
            strides=step,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"{name}_conv{number}",
        )
        norm = BatchNormalization(momentum=_NORM_MOMENTUM, name=f"{name}_norm{number}")
        x = norm(conv(x))
        x = Activation("relu", name=f"{name}_relu{number}")(x)
    return x
