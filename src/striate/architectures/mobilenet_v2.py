"""MobileNetV2: Sandler, Howard, Zhu, Zhmoginov & Chen, 2018, 1801.04381.

"MobileNetV2: Inverted Residuals and Linear Bottlenecks".

A block widens its input, looks around in each channel by itself, and makes the map narrow again.
The shortcut joins the narrow ends, so little has to be kept in memory. Nothing bends the narrow
map afterwards, since ReLU would lose a part of what so few channels carry.

stage    output            t   n  stride   (t times as wide inside, n blocks)
stage1   112 × 112 ×   32  3 × 3 convolution, stride 2
stage2   112 × 112 ×   16  1   1  1
stage3    56 ×  56 ×   24  6   2  2
stage4    28 ×  28 ×   32  6   3  2
stage5    14 ×  14 ×   64  6   4  2
stage6    14 ×  14 ×   96  6   3  1
stage7     7 ×   7 ×  160  6   3  2
stage8     7 ×   7 ×  320  6   1  1
stage9     7 ×   7 × 1280  1 × 1 convolution
parameters      3.50 million
multiply-adds   301 million

Differs from the paper: nothing. What the text leaves open (the border, the norm's epsilon, the
first weights, a dropout of 0.2 before the classes) is as in the authors' code, but for its momentum
of 0.997, which suits only long trainings: 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import Add, Conv2D, Dense, DepthwiseConv2D, Dropout, GlobalAveragePooling2D, ReLU
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import TruncatedNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "InvertedResidual",
    "MobileNetV2",
    "Stage",
    "mobilenet_v2",
]

_KERNEL = TruncatedNormal(stddev=0.09)
_DROPPED = 0.2


@dataclass(frozen=True)
class InvertedResidual:
    """1 × 1 to more channels, 3 × 3 in each of them, 1 × 1 to few; and a shortcut where it fits.

    Args:
        filters: of the output.
        strides: of the 3 × 3 convolution.
        expansion: how many times the channels of the input are between.
    """

    filters: int
    strides: int
    expansion: int

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map of so many filters."""
        shortcut, channels = x, x.shape[-1]
        if self.expansion > 1:
            x = _conv_norm(x, self.expansion * channels, dialect=dialect, name=f"{name}_expand")
            x = ReLU(6.0, name=f"{name}_expand_relu")(x)
        x = DepthwiseConv2D(
            3,
            self.strides,
            dialect.padding(3, strides=self.strides),
            use_bias=False,
            depthwise_initializer=_KERNEL,
            name=f"{name}_depthwise",
        )(x)
        x = dialect.norm(name=f"{name}_depthwise_BN")(x)
        x = ReLU(6.0, name=f"{name}_depthwise_relu")(x)
        x = _conv_norm(x, self.filters, dialect=dialect, name=f"{name}_project")
        if self.strides > 1 or channels != self.filters:
            return x
        return Add(name=f"{name}_add")([shortcut, x])


def _conv_norm(x: Any, filters: int, *, dialect: Dialect, name: str) -> Any:
    x = Conv2D(filters, 1, use_bias=False, kernel_initializer=_KERNEL, name=name)(x)
    return dialect.norm(name=f"{name}_BN")(x)


@dataclass(frozen=True)
class Stage:
    """A row of the paper's table 2.

    Args:
        expansion, filters, blocks, strides: t, c, n and s.
    """

    expansion: int
    filters: int
    blocks: int
    strides: int


VARIANTS = {
    "mobilenet_v2": (
        Stage(1, 16, 1, 1),
        Stage(6, 24, 2, 2),
        Stage(6, 32, 3, 2),
        Stage(6, 64, 4, 2),
        Stage(6, 96, 3, 1),
        Stage(6, 160, 3, 2),
        Stage(6, 320, 1, 1),
    )
}


class MobileNetV2(Backbone):
    """The net of table 2.

    Args:
        variant: its rows between the first convolution and the last.
        options: of the user.
    """

    def __init__(self, variant: tuple[Stage, ...], options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        padding = dialect.padding(3, strides=2)
        x = Conv2D(32, 3, 2, padding, use_bias=False, kernel_initializer=_KERNEL, name="Conv1")(
            inputs
        )
        x = ReLU(6.0, name="Conv1_relu")(dialect.norm(name="bn_Conv1")(x))
        stages, number = {"stage1": x}, 0
        for place, row in enumerate(variant, 2):
            for block in range(row.blocks):
                strides = 1 if block else row.strides
                name = f"block_{number}" if number else "expanded_conv"
                x = InvertedResidual(row.filters, strides, row.expansion)(
                    x, dialect=dialect, name=name
                )
                number += 1
            stages[f"stage{place}"] = x
        x = Conv2D(1280, 1, use_bias=False, kernel_initializer=_KERNEL, name="Conv_1")(x)
        x = ReLU(6.0, name="out_relu")(dialect.norm(name="Conv_1_bn")(x))
        stages[f"stage{len(variant) + 2}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer; Keras' net drops nothing."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    if options.dialect.name != "keras":
        x = Dropout(_DROPPED, name="dropout")(x)
    return Dense(
        options.classes,
        options.classifier_activation,
        kernel_initializer=_KERNEL,
        name="predictions",
    )(x)


_PAPER = replace(PAPER, epsilon=1e-3, symmetric=False)
_KERAS = replace(KERAS, momentum=0.999)

mobilenet_v2 = Architecture(
    "mobilenet_v2",
    MobileNetV2,
    VARIANTS["mobilenet_v2"],
    dialects=(_PAPER, _KERAS, TORCHVISION, TIMM),
)
