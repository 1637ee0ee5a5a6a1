"""ResNeXt: "Aggregated Residual Transformations for Deep Neural Networks", 2016, 1611.05431.

By Saining Xie, Ross Girshick, Piotr Dollár, Zhuowen Tu and Kaiming He.

A block adds up many small branches of one shape in the place of a single wide one. How many there
are, the cardinality, is a third size of a net beside its depth and width; at the same cost more
branches see more than wider or deeper ones. A grouped convolution computes all of them at once.

stage   output            50        101
conv1   112 × 112 ×   64  7 × 7, stride 2
conv2    56 ×  56 ×  256  3         3
conv3    28 ×  28 ×  512  4         4
conv4    14 ×  14 × 1024  6         23
conv5     7 ×   7 × 2048  3         3

branches × channels     50 32 × 4   101 32 × 4   101 32 × 8   101 64 × 4
parameters, millions         25.03        44.18        88.79        83.46
multiply-adds, billions       4.23         7.97        16.41        15.46

For pictures of 32 × 32 pixels (section 5.3) three stages of 3 blocks, with 256, 512 and 1024
channels, follow a 3 × 3 convolution of 64: 29 layers, 8 or 16 branches of 64 channels, 34.43 and
68.16 million parameters.

Differs from the paper: nothing. 101 32 × 8 is of its authors' later work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import Activation, Add, Dense, GlobalAveragePooling2D, MaxPooling2D
from ..layers.dialect import PAPER, TIMM, TORCHVISION, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Bottleneck",
    "CifarResNeXt",
    "ResNeXt",
    "Variant",
    "resnext29_8x64d",
    "resnext29_16x64d",
    "resnext50_32x4d",
    "resnext101_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
]


@dataclass(frozen=True)
class Bottleneck:
    """1 × 1, a grouped 3 × 3, and 1 × 1, beside the shortcut: figure 3 (c) of the paper.

    Args:
        branches: how many, groups of the second convolution.
        channels: of all branches together.
        filters: of the output.
        strides: of the second convolution.
    """

    branches: int
    channels: int
    filters: int
    strides: int = 1

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """relu of the block's map and the shortcut's."""
        shortcut = dialect.shortcut(x, self.filters, strides=self.strides, name=f"{name}_0")
        x = dialect.conv_norm(x, self.channels, 1, name=f"{name}_1")
        x = dialect.conv_norm(
            x,
            self.channels,
            3,
            strides=self.strides,
            groups=self.branches,
            name=f"{name}_2",
        )
        x = dialect.conv_norm(x, self.filters, 1, activation=None, name=f"{name}_3")
        x = Add(name=f"{name}_add")([shortcut, x])
        return Activation("relu", name=f"{name}_out")(x)


@dataclass(frozen=True)
class Variant:
    """A column of the paper's table 1.

    Args:
        blocks: how many in each stage.
        branches: of each block.
        channels: of a branch in the first stage; twice as many in each further one.
    """

    blocks: tuple[int, ...]
    branches: int
    channels: int

    def __call__(self, x: Any, stage: int, *, dialect: Dialect) -> Any:
        """The map at the end of a stage, which is counted from 0."""
        for number in range(self.blocks[stage]):
            block = Bottleneck(
                self.branches,
                self.branches * self.channels * 2**stage,
                256 * 2**stage,
                strides=2 if stage and not number else 1,
            )
            x = block(x, dialect=dialect, name=f"conv{stage + 2}_block{number + 1}")
        return x


VARIANTS = {
    "resnext50_32x4d": Variant((3, 4, 6, 3), 32, 4),
    "resnext101_32x4d": Variant((3, 4, 23, 3), 32, 4),
    "resnext101_32x8d": Variant((3, 4, 23, 3), 32, 8),
    "resnext101_64x4d": Variant((3, 4, 23, 3), 64, 4),
    "resnext29_8x64d": Variant((3, 3, 3), 8, 64),
    "resnext29_16x64d": Variant((3, 3, 3), 16, 64),
}


class ResNeXt(Backbone):
    """The nets of table 1, for photographs.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = dialect.conv_norm(inputs, 64, 7, strides=2, name="conv1")
        stages = {"conv1": x}
        x = MaxPooling2D(3, 2, padding=dialect.padding(3, strides=2), name="pool1_pool")(x)
        for stage in range(len(variant.blocks)):
            x = stages[f"conv{stage + 2}"] = variant(x, stage, dialect=dialect)
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


class CifarResNeXt(Backbone):
    """The nets of section 5.3, for pictures of 32 × 32 pixels.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = dialect.conv_norm(inputs, 64, 3, name="conv1")
        stages = {}
        for stage in range(len(variant.blocks)):
            x = stages[f"conv{stage + 2}"] = variant(x, stage, dialect=dialect)
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


_PAPER = replace(PAPER, late_stride=True)  # a bottleneck of this paper strides in its 3 × 3


def _large(name: str, *dialects: Dialect) -> Architecture:
    return Architecture(name, ResNeXt, VARIANTS[name], dialects=(_PAPER, *dialects))


def _small(name: str) -> Architecture:
    return Architecture(
        name,
        CifarResNeXt,
        VARIANTS[name],
        input_shape=(32, 32, 3),
        classes=10,
        dialects=(_PAPER,),
        least_px=4,
    )


resnext50_32x4d = _large("resnext50_32x4d", TORCHVISION, TIMM)
resnext101_32x4d = _large("resnext101_32x4d", TIMM)
resnext101_32x8d = _large("resnext101_32x8d", TORCHVISION, TIMM)
resnext101_64x4d = _large("resnext101_64x4d", TORCHVISION, TIMM)

resnext29_8x64d = _small("resnext29_8x64d")
resnext29_16x64d = _small("resnext29_16x64d")
