"""MobileNet: Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto & Adam, 2017, 1704.04861.

"MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications".

A convolution is cut in two: one that looks around in each channel by itself, and one of 1 × 1
that joins the channels of a pixel. A 3 × 3 convolution so costs eight to nine times less. A width
multiplier thins all layers alike, and smaller pictures save the rest.

stage    output            separable blocks
stage1   112 × 112 ×   64  1, after a 3 × 3 convolution of 32 filters, stride 2
stage2    56 ×  56 ×  128  2
stage3    28 ×  28 ×  256  2
stage4    14 ×  14 ×  512  6
stage5     7 ×   7 × 1024  2
width multiplier           1        0.75     0.5      0.25
parameters, millions       4.23     2.59     1.33     0.47
multiply-adds, millions    569      325      150      41

Differs from the paper: the last block has stride 1, as the sizes of table 1 ask, which prints 2.
What the text leaves open (the border, the norm's epsilon, the first weights, a dropout of 0.001
before the classes) is as in the authors' code, but for its momentum of 0.9997, which suits only
very long trainings: 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    ReLU,
)
from ..layers.dialect import KERAS, PAPER, TIMM, Dialect
from ..layers.initializers import TruncatedNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "MobileNet",
    "Separable",
    "mobilenet_v1",
    "mobilenet_v1_025",
    "mobilenet_v1_050",
    "mobilenet_v1_075",
]

_KERNEL = TruncatedNormal(stddev=0.09)
_DROPPED = 0.001


@dataclass(frozen=True)
class Separable:
    """A 3 × 3 convolution in each channel, and a 1 × 1 convolution over the channels.

    Args:
        filters: of the second, and of the output.
        strides: of the first.
    """

    filters: int
    strides: int = 1

    def __call__(self, x: Any, *, dialect: Dialect, number: int) -> Any:
        """The map after both, each with its norm and its ReLU6."""
        padding = dialect.padding(3, strides=self.strides)
        if dialect.name == "keras" and self.strides > 1:
            padding = ((0, 1), (0, 1))  # "same" but for odd sides, which Keras' net rounds down
        x = DepthwiseConv2D(
            3,
            self.strides,
            padding,
            use_bias=False,
            depthwise_initializer=_KERNEL,
            name=f"conv_dw_{number}",
        )(x)
        x = _normed(x, dialect, f"conv_dw_{number}")
        x = Conv2D(
            self.filters,
            1,
            use_bias=False,
            kernel_initializer=_KERNEL,
            name=f"conv_pw_{number}",
        )(x)
        return _normed(x, dialect, f"conv_pw_{number}")


def _normed(x: Any, dialect: Dialect, name: str) -> Any:
    """The norm of a convolution's map, and ReLU6."""
    x = dialect.norm(name=f"{name}_bn")(x)
    return ReLU(6.0, name=f"{name}_relu")(x)


STAGES = ((64, 1), (128, 2), (256, 2), (512, 6), (1024, 2))  # filters, blocks
VARIANTS = {  # width multiplier
    "mobilenet_v1": 1.0,
    "mobilenet_v1_075": 0.75,
    "mobilenet_v1_050": 0.5,
    "mobilenet_v1_025": 0.25,
}


class MobileNet(Backbone):
    """The net of table 1.

    Args:
        width: by which the filters of all layers are multiplied.
        options: of the user.
    """

    def __init__(self, width: float, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = Conv2D(
            int(32 * width),
            3,
            2,
            dialect.padding(3, strides=2),
            use_bias=False,
            kernel_initializer=_KERNEL,
            name="conv1",
        )(inputs)
        x = _normed(x, dialect, "conv1")
        stages, number = {}, 0
        for stage, (filters, blocks) in enumerate(STAGES, 1):
            for place in range(blocks):
                number += 1
                block = Separable(int(filters * width), 2 if stage > 1 and not place else 1)
                x = block(x, dialect=dialect, number=number)
            stages[f"stage{stage}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a 1 × 1 convolution to the classes."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(keepdims=True, name="avg_pool")(x)
    x = Dropout(_DROPPED, name="dropout")(x)
    x = Conv2D(options.classes, 1, kernel_initializer=_KERNEL, name="conv_preds")(x)
    x = Flatten(name="flatten")(x)
    return Activation(options.classifier_activation, name="predictions")(x)


_DIALECTS = (replace(PAPER, epsilon=1e-3, symmetric=False), KERAS, TIMM)

mobilenet_v1 = Architecture("mobilenet_v1", MobileNet, VARIANTS["mobilenet_v1"], dialects=_DIALECTS)
mobilenet_v1_075 = Architecture(
    "mobilenet_v1_075", MobileNet, VARIANTS["mobilenet_v1_075"], dialects=_DIALECTS
)
mobilenet_v1_050 = Architecture(
    "mobilenet_v1_050", MobileNet, VARIANTS["mobilenet_v1_050"], dialects=_DIALECTS
)
mobilenet_v1_025 = Architecture(
    "mobilenet_v1_025", MobileNet, VARIANTS["mobilenet_v1_025"], dialects=_DIALECTS
)
