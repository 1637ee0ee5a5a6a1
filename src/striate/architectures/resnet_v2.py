"""ResNet v2: He, Zhang, Ren & Sun, "Identity Mappings in Deep Residual Networks", 2016, 1603.05027.

Normalisation and relu stand before each convolution, so that nothing is left on the path of the
shortcut: what a block adds arrives unchanged at every later block, and so does its gradient. Where
the channels change, block and shortcut begin with the same normalised map. A last normalisation
and relu come before the classifier.

stage   output            50        101       152       200
conv1   112 × 112 ×   64  7 × 7, stride 2
conv2    56 ×  56 ×  256  3         3         3         3
conv3    28 ×  28 ×  512  4         4         8         24
conv4    14 ×  14 × 1024  6         23        36        36
conv5     7 ×   7 × 2048  3         3         3         3
parameters, millions      25.55     44.54     60.19     64.67
multiply-adds, billions    3.86      7.57     11.28     14.78

For pictures of 32 × 32 pixels three stages of n blocks, of 64, 128 and 256 channels, follow a
3 × 3 convolution of 16: 9 n + 2 layers. 164 layers have 1.70 million parameters, 1001 10.3.

Dialect "keras" strides in the last block of a stage and not in the first of the next one; in it and
in "timm" the first normalisation follows the pooling. A stage's map is the last one of its size.

Differs from the paper: nothing. The 50 of the family is of others. The first convolution of a
block strides, as in the authors' code; "timm" strides in the second one.
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
    ZeroPadding2D,
)
from ..layers.dialect import KERAS, PAPER, TIMM, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Bottleneck",
    "CifarResNetV2",
    "ResNetV2",
    "convolution",
    "preactivated",
    "resnet50_v2",
    "resnet101_v2",
    "resnet152_v2",
    "resnet164_v2",
    "resnet200_v2",
    "resnet1001_v2",
]


def preactivated(x: Any, *, dialect: Dialect, name: str) -> Any:
    """relu of the normalised map."""
    return Activation("relu", name=f"{name}_relu")(dialect.norm(name=f"{name}_bn")(x))


def convolution(
    x: Any,
    filters: int,
    kernel_size: int,
    *,
    strides: int = 1,
    use_bias: bool = False,
    dialect: Dialect,
    name: str,
) -> Any:
    """A convolution alone: its norm and relu came before it."""
    return Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=dialect.padding(kernel_size, strides=strides),
        use_bias=use_bias,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)


@dataclass(frozen=True)
class Bottleneck:
    """1 × 1 to fewer channels, 3 × 3, and 1 × 1 to four times as many, beside the shortcut.

    Args:
        filters: of the first two.
        strides: of one of them: the paper's first, or with `late_stride` the second.
        projected: whether the shortcut is a 1 × 1 convolution, from the normalised map.
        ready: whether the input is normalised already.
    """

    filters: int
    strides: int = 1
    projected: bool = False
    ready: bool = False

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The block's map, plus the shortcut."""
        shortcut = x
        if not self.ready:
            x = preactivated(x, dialect=dialect, name=f"{name}_preact")
        width, biased = 4 * self.filters, dialect.conv_bias
        if self.projected:
            shortcut = convolution(
                x,
                width,
                1,
                strides=self.strides,
                use_bias=biased,
                dialect=dialect,
                name=f"{name}_0",
            )
        elif self.strides > 1:
            shortcut = MaxPooling2D(1, self.strides, name=f"{name}_0_pick")(shortcut)
        first, second = (1, self.strides) if dialect.late_stride else (self.strides, 1)
        x = convolution(x, self.filters, 1, strides=first, dialect=dialect, name=f"{name}_1")
        x = preactivated(x, dialect=dialect, name=f"{name}_1")
        x = convolution(x, self.filters, 3, strides=second, dialect=dialect, name=f"{name}_2")
        x = preactivated(x, dialect=dialect, name=f"{name}_2")
        x = convolution(x, width, 1, use_bias=biased, dialect=dialect, name=f"{name}_3")
        return Add(name=f"{name}_out")([shortcut, x])


VARIANTS = {  # blocks in each stage
    "resnet50_v2": (3, 4, 6, 3),
    "resnet101_v2": (3, 4, 23, 3),
    "resnet152_v2": (3, 8, 36, 3),
    "resnet200_v2": (3, 24, 36, 3),
}
BLOCKS_A_STAGE = {"resnet164_v2": 18, "resnet1001_v2": 111}


class ResNetV2(Backbone):
    """The nets of section 4 for photographs.

    Args:
        variant: blocks in each stage.
        options: of the user.
    """

    def __init__(self, variant: tuple[int, ...], options: Options) -> None:
        dialect = options.dialect
        ends_strided = dialect.name == "keras"
        normed_stem = dialect.name == "paper"
        inputs = Input(options.input_shape)
        x = convolution(
            inputs, 64, 7, strides=2, use_bias=dialect.conv_bias, dialect=dialect, name="conv1"
        )
        if normed_stem:
            x = preactivated(x, dialect=dialect, name="conv1")
        stages = {"conv1": x}
        if ends_strided:
            x = ZeroPadding2D(1, name="pool1_pad")(x)  # zeros, which win over negative numbers
        x = MaxPooling2D(3, 2, "valid" if ends_strided else 1, name="pool1_pool")(x)
        for stage, count in enumerate(variant):
            name = f"conv{stage + 2}"
            for number in range(1, count + 1):
                halves = number == count and stage < 3 if ends_strided else number == 1 and stage
                block = Bottleneck(
                    64 * 2**stage,
                    strides=2 if halves else 1,
                    projected=number == 1,
                    ready=normed_stem and not stage and number == 1,
                )
                if halves and ends_strided:
                    stages[name] = x
                x = block(x, dialect=dialect, name=f"{name}_block{number}")
            stages.setdefault(name, x)
        x = stages["conv5"] = preactivated(x, dialect=dialect, name="post")
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


class CifarResNetV2(Backbone):
    """The nets of section 4 for pictures of 32 × 32 pixels.

    Args:
        blocks: of each stage.
        options: of the user.
    """

    def __init__(self, blocks: int, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = convolution(inputs, 16, 3, dialect=dialect, name="conv1")
        stages = {}
        for stage, filters in enumerate((16, 32, 64)):
            for number in range(1, blocks + 1):
                strides = 2 if stage and number == 1 else 1
                block = Bottleneck(filters, strides, projected=number == 1)
                x = block(x, dialect=dialect, name=f"conv{stage + 2}_block{number}")
            stages[f"conv{stage + 2}"] = x
        x = stages["conv4"] = preactivated(x, dialect=dialect, name="post")
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


_KERAS = replace(KERAS, epsilon=1.001e-5, symmetric=True, conv_bias=True, late_stride=True)


def _large(name: str, *dialects: Dialect) -> Architecture:
    return Architecture(name, ResNetV2, VARIANTS[name], dialects=(PAPER, *dialects))


def _small(name: str) -> Architecture:
    return Architecture(
        name, CifarResNetV2, BLOCKS_A_STAGE[name], input_shape=(32, 32, 3), classes=10, least_px=4
    )


resnet50_v2 = _large("resnet50_v2", _KERAS, TIMM)
resnet101_v2 = _large("resnet101_v2", _KERAS, TIMM)
resnet152_v2 = _large("resnet152_v2", _KERAS, TIMM)
resnet200_v2 = _large("resnet200_v2")

resnet164_v2 = _small("resnet164_v2")
resnet1001_v2 = _small("resnet1001_v2")
