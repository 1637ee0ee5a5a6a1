"""Xception: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2016.

1610.02357.

An inception module looks at space and at channels in small groups of channels; taken to its end,
each channel is looked at alone, and what was seen is mixed pixel by pixel. A net of such separable
convolutions, with a shortcut round every two or three of them, has as many parameters as
Inception v3 and uses them better. Nothing stands between the two steps of a separable convolution.

flow    block   output            layers
entry   1       147 × 147 ×   64  3 × 3 to 32, stride 2, and 3 × 3 to 64, without a border
        2        74 ×  74 ×  128  2 separable, pooling by 2
        3        37 ×  37 ×  256  2 separable, pooling by 2
        4        19 ×  19 ×  728  2 separable, pooling by 2
middle  5-12     19 ×  19 ×  728  3 separable, eight times
exit    13       10 ×  10 × 1024  2 separable, to 728 and 1024, pooling by 2
        14       10 ×  10 × 2048  2 separable, to 1536 and 2048, no shortcut
parameters      22,855,952
multiply-adds   8.36 billion

Differs from the paper: nothing; its author's code, which is Keras', has the numbers that it leaves
out. The dense layers before the classifier, which the paper tries, are left out as there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Add,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    SeparableConv2D,
)
from ..layers.dialect import KERAS, TIMM, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = ["Block", "Xception", "convolution", "relu", "separable", "xception"]


def convolution(
    x: Any, filters: int, kernel_size: int, strides: int, *, dialect: Dialect, name: str
) -> Any:
    """A convolution without a border, and its norm."""
    layer = Conv2D(filters, kernel_size, strides, use_bias=False, name=name)
    return dialect.norm(name=f"{name}_bn")(layer(x))


def separable(x: Any, filters: int, *, dialect: Dialect, name: str) -> Any:
    """A separable 3 × 3 convolution that keeps the size, and its norm."""
    layer = SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)
    return dialect.norm(name=f"{name}_bn")(layer(x))


def relu(x: Any, *, name: str) -> Any:
    """relu, under the name of the convolution that it belongs to."""
    return Activation("relu", name=f"{name}_act")(x)


@dataclass(frozen=True)
class Block:
    """Separable convolutions beside a shortcut.

    Args:
        filters: of each.
        halves: whether a pooling by 2 ends the block; then a 1 × 1 convolution is the shortcut.
        starts_with_relu: whether one stands before the first, as before the others.
    """

    filters: tuple[int, ...]
    halves: bool = False
    starts_with_relu: bool = True

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The block's map, plus the shortcut."""
        shortcut = x
        if self.halves:
            shortcut = convolution(
                x, self.filters[-1], 1, 2, dialect=dialect, name=f"{name}_shortcut"
            )
        for number, filters in enumerate(self.filters):
            layer = f"{name}_sepconv{number + 1}"
            if number or self.starts_with_relu:
                x = relu(x, name=layer)
            x = separable(x, filters, dialect=dialect, name=layer)
        if self.halves:
            padding = dialect.padding(3, strides=2)
            x = MaxPooling2D(3, 2, padding=padding, name=f"{name}_pool")(x)
        return Add(name=f"{name}_add")([x, shortcut])


VARIANTS = {
    "xception": {  # blocks by their numbers in figure 5
        2: Block((128, 128), halves=True, starts_with_relu=False),
        3: Block((256, 256), halves=True),
        4: Block((728, 728), halves=True),
        **dict.fromkeys(range(5, 13), Block((728, 728, 728))),
        13: Block((728, 1024), halves=True),
    }
}


class Xception(Backbone):
    """The net of figure 5.

    Args:
        variant: its blocks.
        options: of the user.
    """

    def __init__(self, variant: dict[int, Block], options: Options) -> None:
        dialect = options.dialect
        x = inputs = Input(options.input_shape)
        for name, filters, strides in (("block1_conv1", 32, 2), ("block1_conv2", 64, 1)):
            x = relu(convolution(x, filters, 3, strides, dialect=dialect, name=name), name=name)
        stages = {"block1": x}
        for number, block in variant.items():
            x = block(x, dialect=dialect, name=f"block{number}")
            if number in (2, 3, 12):  # the last of their size
                stages[f"block{number}"] = x
        for name, filters in (("block14_sepconv1", 1536), ("block14_sepconv2", 2048)):
            x = relu(separable(x, filters, dialect=dialect, name=name), name=name)
        stages["block14"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


xception = Architecture(
    "xception",
    Xception,
    VARIANTS["xception"],
    input_shape=(299, 299, 3),
    dialects=(replace(KERAS, name="paper"), KERAS, TIMM),
    least_px=71,
)
