"""EfficientNet: Tan & Le, 2019, 1905.11946.

"EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks".

A search found a small net of MobileNetV2's blocks with squeeze-and-excite, B0. The larger ones
come from it by making depth, width and the picture larger together, in a fixed proportion, since
each alone soon gains little. Channels are rounded to multiples of 8, repeats up.

stage    output of B0      block       kernel  repeats
stage1   112 × 112 ×   32  convolution 3 × 3   1
stage2   112 × 112 ×   16  MBConv1     3 × 3   1
stage3    56 ×  56 ×   24  MBConv6     3 × 3   2
stage4    28 ×  28 ×   40  MBConv6     5 × 5   2
stage5    14 ×  14 ×   80  MBConv6     3 × 3   3
stage6    14 ×  14 ×  112  MBConv6     5 × 5   3
stage7     7 ×   7 ×  192  MBConv6     5 × 5   4
stage8     7 ×   7 ×  320  MBConv6     3 × 3   1
stage9     7 ×   7 × 1280  convolution 1 × 1   1
variant                    B0     B1     B2     B3     B4     B5     B6     B7
picture, pixels            224    240    260    300    380    456    528    600
parameters, millions       5.29   7.79   9.11   12.23  19.34  30.39  43.04  66.35
multiply-adds, billions    0.39   0.69   0.99   1.83   4.39   10.27  19.07  37.75

Lite0, of the authors' code alone, is B0 with ReLU6 and no squeeze-and-excite: 4.65 million.

Differs from the paper: nothing. In dialect "keras" the net begins, as Keras' does, with pixels of
0 to 255, a division by 255, and a normalisation of each channel, at first the identity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Dense,
    Dropout,
    GlobalAveragePooling2D,
    Normalization,
    Rescaling,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import VarianceScaling
from ..layers.mbconv import MBConv, linear, plus_input
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "EfficientNet",
    "Variant",
    "efficientnet_b0",
    "efficientnet_b1",
    "efficientnet_b2",
    "efficientnet_b3",
    "efficientnet_b4",
    "efficientnet_b5",
    "efficientnet_b6",
    "efficientnet_b7",
    "efficientnet_lite0",
]

_CLASSES = VarianceScaling(1 / 3, "fan_out", "uniform")
_LAST_BLOCK_LEFT_OUT = 0.2  # of the samples in training; earlier blocks in proportion


@dataclass(frozen=True)
class Variant:
    """How B0 becomes larger, or lighter.

    Args:
        width, depth: by which channels and repeats are multiplied.
        side: of the pictures, in pixels.
        dropped: part of the numbers before the classes that is zero in training.
        activation: by name.
        squeezes: whether a block weighs its channels.
    """

    width: float
    depth: float
    side: int
    dropped: float
    activation: str = "silu"
    squeezes: bool = True

    def channels(self, of_b0: int) -> int:
        """The nearest multiple of 8 that is at least 8 and at least nine tenths of the width."""
        wanted = self.width * of_b0
        nearest = max(8, int(wanted + 4) // 8 * 8)
        return nearest + 8 if nearest < 0.9 * wanted else nearest

    def repeats(self, of_b0: int) -> int:
        """The depth, rounded up."""
        return math.ceil(self.depth * of_b0)


STAGES = (  # expansion, kernel, filters, repeats, strides: rows 2 to 8 of table 1
    (1, 3, 16, 1, 1),
    (6, 3, 24, 2, 2),
    (6, 5, 40, 2, 2),
    (6, 3, 80, 3, 2),
    (6, 5, 112, 3, 1),
    (6, 5, 192, 4, 2),
    (6, 3, 320, 1, 1),
)
VARIANTS = {
    "efficientnet_b0": Variant(1.0, 1.0, 224, 0.2),
    "efficientnet_b1": Variant(1.0, 1.1, 240, 0.2),
    "efficientnet_b2": Variant(1.1, 1.2, 260, 0.3),
    "efficientnet_b3": Variant(1.2, 1.4, 300, 0.3),
    "efficientnet_b4": Variant(1.4, 1.8, 380, 0.4),
    "efficientnet_b5": Variant(1.6, 2.2, 456, 0.4),
    "efficientnet_b6": Variant(1.8, 2.6, 528, 0.5),
    "efficientnet_b7": Variant(2.0, 3.1, 600, 0.5),
    "efficientnet_lite0": Variant(1.0, 1.0, 224, 0.2, "relu6", squeezes=False),
}


class EfficientNet(Backbone):
    """The net of table 1, scaled.

    Args:
        variant: of it.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = options.entered(_scaled(inputs) if dialect.name == "keras" else inputs)
        x = linear(x, variant.channels(32), 3, strides=2, dialect=dialect, name="stem")
        x = Activation(variant.activation, name="stem_activation")(x)
        stages, number = {"stage1": x}, 0
        total = sum(variant.repeats(row[3]) for row in STAGES)
        for stage, (expansion, kernel, filters, repeats, strides) in enumerate(STAGES, 1):
            wide = variant.channels(filters)
            for place in range(variant.repeats(repeats)):
                left_out = _LAST_BLOCK_LEFT_OUT * number / total
                block = MBConv(
                    expansion,
                    wide,
                    1 if place else strides,
                    kernel,
                    activation=variant.activation,
                    squeezes=variant.squeezes,
                )
                name = f"block{stage}{chr(ord('a') + place)}"
                x = plus_input(x, block, left_out=left_out, dialect=dialect, name=name)
                number += 1
            stages[f"stage{stage + 1}"] = x
        x = linear(x, variant.channels(1280), 1, dialect=dialect, name="top")
        x = stages["stage9"] = Activation(variant.activation, name="top_activation")(x)
        super().__init__(inputs, _top(x, variant, options), stages=stages, name=options.name)


def _scaled(x: Any) -> Any:
    """Pixels of 0 to 255 as Keras' net brings them to scale, which knows no statistics at first."""
    layer = Normalization(name="normalization")
    x = layer(Rescaling(1 / 255, name="rescaling")(x))
    layer.count.fill_(1)  # the identity needs no data
    return x


def _top(x: Any, variant: Variant, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dropout(variant.dropped, name="top_dropout")(x)
    last: dict[str, Any] = {"kernel_initializer": _CLASSES, "name": "predictions"}
    return Dense(options.classes, options.classifier_activation, **last)(x)


_PAPER = replace(PAPER, epsilon=1e-3, momentum=0.99, symmetric=False)
_EARLY = (_PAPER, KERAS, TORCHVISION, TIMM)
_LATE = (_PAPER, KERAS, replace(TORCHVISION, epsilon=1e-3, momentum=0.99), TIMM)


def _made(name: str, *dialects: Dialect) -> Architecture:
    row, scaled = VARIANTS[name], KERAS in dialects
    shape = (row.side, row.side, 3)
    return Architecture(name, EfficientNet, row, shape, 1000, dialects, takes_preprocessing=scaled)


efficientnet_b0 = _made("efficientnet_b0", *_EARLY)
efficientnet_b1 = _made("efficientnet_b1", *_EARLY)
efficientnet_b2 = _made("efficientnet_b2", *_EARLY)
efficientnet_b3 = _made("efficientnet_b3", *_EARLY)
efficientnet_b4 = _made("efficientnet_b4", *_EARLY)
efficientnet_b5 = _made("efficientnet_b5", *_LATE)
efficientnet_b6 = _made("efficientnet_b6", *_LATE)
efficientnet_b7 = _made("efficientnet_b7", *_LATE)
efficientnet_lite0 = _made("efficientnet_lite0", _PAPER, TIMM)
