"""ResNet: He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", 2015, 1512.03385.

A block learns what is to be added to its input, which a shortcut carries past it; so the gradient
reaches the first layers, and more than a hundred can be trained. Where a stage begins, the map
becomes half as wide and the shortcut is a 1 × 1 convolution. Every convolution is normalised.

stage   output            18        34        50        101       152
conv1   112 × 112 ×   64  7 × 7, stride 2
conv2    56 ×  56 ×   64  2 basic   3 basic   -         -         -
         56 ×  56 ×  256  -         -         3 bottle  3 bottle  3 bottle
conv3    28 ×  28 × 128 (512)   2   4         4         4         8
conv4    14 ×  14 × 256 (1024)  2   6         6         23        36
conv5     7 ×   7 × 512 (2048)  2   3         3         3         3
parameters, millions      11.69     21.80     25.56     44.55     60.19
multiply-adds, billions    1.81      3.66      4.09      7.80     11.51

For pictures of 32 × 32 pixels (section 4.2) three stages of n basic blocks, of 16, 32 and 64
channels, follow a 3 × 3 convolution: 6 n + 2 layers, and shortcuts without parameters.

Differs from the paper: nothing. Multiply-adds are those of dialect "torchvision", which strides in
the 3 × 3 convolution of a bottleneck; the paper strides in the first one, 3.86 billion for 50.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Add,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroChannels,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Basic",
    "Bottleneck",
    "CifarResNet",
    "ResNet",
    "Variant",
    "residual",
    "resnet18",
    "resnet20",
    "resnet32",
    "resnet34",
    "resnet44",
    "resnet50",
    "resnet56",
    "resnet101",
    "resnet110",
    "resnet152",
]


@dataclass(frozen=True)
class Basic:
    """Two 3 × 3 convolutions beside the shortcut.

    Args:
        filters: of both, and of the output.
        strides: of the first.
    """

    filters: int
    strides: int = 1

    @property
    def width(self) -> int:
        """Channels of the output."""
        return self.filters

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """What is added to the shortcut."""
        x = dialect.conv_norm(x, self.filters, 3, strides=self.strides, name=f"{name}_1")
        return dialect.conv_norm(x, self.filters, 3, activation=None, name=f"{name}_2")


@dataclass(frozen=True)
class Bottleneck:
    """1 × 1 to fewer channels, 3 × 3, and 1 × 1 to four times as many, beside the shortcut.

    Args:
        filters: of the first two.
        strides: of one of them: the paper's first, or with `late_stride` the second.
    """

    filters: int
    strides: int = 1

    @property
    def width(self) -> int:
        """Channels of the output."""
        return 4 * self.filters

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """What is added to the shortcut."""
        first, second = (1, self.strides) if dialect.late_stride else (self.strides, 1)
        x = dialect.conv_norm(x, self.filters, 1, strides=first, name=f"{name}_1")
        x = dialect.conv_norm(x, self.filters, 3, strides=second, name=f"{name}_2")
        return dialect.conv_norm(x, self.width, 1, activation=None, name=f"{name}_3")


def residual(
    x: Any, block: Basic | Bottleneck, shortcut: Any, *, dialect: Dialect, name: str
) -> Any:
    """relu(block(x) + shortcut)."""
    x = Add(name=f"{name}_add")([shortcut, block(x, dialect=dialect, name=name)])
    return Activation("relu", name=f"{name}_out")(x)


@dataclass(frozen=True)
class Variant:
    """A column of the paper's table 1.

    Args:
        block: its kind.
        blocks: how many in each stage.
    """

    block: type[Basic] | type[Bottleneck]
    blocks: tuple[int, int, int, int]


VARIANTS = {
    "resnet18": Variant(Basic, (2, 2, 2, 2)),
    "resnet34": Variant(Basic, (3, 4, 6, 3)),
    "resnet50": Variant(Bottleneck, (3, 4, 6, 3)),
    "resnet101": Variant(Bottleneck, (3, 4, 23, 3)),
    "resnet152": Variant(Bottleneck, (3, 8, 36, 3)),
}
BLOCKS_A_STAGE = {"resnet20": 3, "resnet32": 5, "resnet44": 7, "resnet56": 9, "resnet110": 18}


class ResNet(Backbone):
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
        for stage, count in enumerate(variant.blocks):
            for number in range(count):
                strides = 2 if stage and not number else 1
                block = variant.block(64 * 2**stage, strides)
                name = f"conv{stage + 2}_block{number + 1}"
                shortcut = dialect.shortcut(x, block.width, strides=strides, name=f"{name}_0")
                x = residual(x, block, shortcut, dialect=dialect, name=name)
            stages[f"conv{stage + 2}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


class CifarResNet(Backbone):
    """The nets of section 4.2, for pictures of 32 × 32 pixels.

    Args:
        blocks: of each stage.
        options: of the user.
    """

    def __init__(self, blocks: int, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = dialect.conv_norm(inputs, 16, 3, name="conv1")
        stages = {}
        for stage, filters in enumerate((16, 32, 64)):
            for number in range(blocks):
                strides = 2 if stage and not number else 1
                name, shortcut = f"conv{stage + 2}_block{number + 1}", x
                if strides > 1:
                    shortcut = MaxPooling2D(1, 2, name=f"{name}_0_pick")(x)  # every second pixel
                    shortcut = ZeroChannels(filters // 4, filters // 4, name=f"{name}_0_pad")(
                        shortcut
                    )
                x = residual(x, Basic(filters, strides), shortcut, dialect=dialect, name=name)
            stages[f"conv{stage + 2}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


_KERAS = replace(KERAS, epsilon=1.001e-5, symmetric=True, conv_bias=True)
_BASIC = (PAPER, TORCHVISION, TIMM)
_BOTTLENECK = (PAPER, _KERAS, TORCHVISION, TIMM)


def _small(name: str) -> Architecture:
    return Architecture(
        name, CifarResNet, BLOCKS_A_STAGE[name], input_shape=(32, 32, 3), classes=10, least_px=4
    )


resnet18 = Architecture("resnet18", ResNet, VARIANTS["resnet18"], dialects=_BASIC)
resnet34 = Architecture("resnet34", ResNet, VARIANTS["resnet34"], dialects=_BASIC)
resnet50 = Architecture("resnet50", ResNet, VARIANTS["resnet50"], dialects=_BOTTLENECK)
resnet101 = Architecture("resnet101", ResNet, VARIANTS["resnet101"], dialects=_BOTTLENECK)
resnet152 = Architecture("resnet152", ResNet, VARIANTS["resnet152"], dialects=_BOTTLENECK)

resnet20 = _small("resnet20")
resnet32 = _small("resnet32")
resnet44 = _small("resnet44")
resnet56 = _small("resnet56")
resnet110 = _small("resnet110")
