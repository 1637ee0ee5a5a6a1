"""SENet: Hu, Shen, Albanie, Sun & Wu, "Squeeze-and-Excitation Networks", 2017, 1709.01507.

At the end of a residual block the mean of each map goes through two small dense layers, which say
by how much each map is to be multiplied before the shortcut is added. So a block can turn up the
maps that fit the picture as a whole. SENet-154 is a ResNeXt with such blocks, half as wide in their
first convolution, three 3 × 3 convolutions at the start and 3 × 3 shortcuts where a stage begins.

stage   output            SE-ResNet                                  SE-ResNeXt   SENet
                          18        34        50     101    152      50, 32 × 4   154, 64 × 4
conv1   112 × 112 ×   64  7 × 7, stride 2                                         3 of 3 × 3 (128)
conv2    56 ×  56 × (64) 256   2    3         3      3      3        3            3
conv3    28 ×  28 × (128) 512  2    4         4      4      8        4            8
conv4    14 ×  14 × (256) 1024 2    6         6      23     36       6            36
conv5     7 ×   7 × (512) 2048 2    3         3      3      3        3            3
parameters, millions      11.78     21.96     28.09  49.33  66.82    27.56        115.09
multiply-adds, billions    1.81      3.66      3.86   7.57  11.29     4.23         20.69

The paper's dialect is that of its code: the first pooling has no border, and a bottleneck of
SE-ResNet strides in its first convolution. "timm" pools with a border, strides in the second one,
and has 8 units in the middle where a sixteenth of the channels would be less.

Differs from the paper: se_resnet20, for pictures of 32 × 32 pixels, is not in it, whose small nets
are pre-activated; it is ResNet-20 with these blocks. The dropout of SENet-154 is in its text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..layers import (
    Activation,
    Add,
    Dense,
    Dropout,
    GlobalAveragePooling2D,
    MaxPooling2D,
    SqueezeExcite,
    ZeroChannels,
)
from ..layers.dialect import PAPER, TIMM, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Basic",
    "Bottleneck",
    "CifarSEResNet",
    "SENet",
    "Variant",
    "excited",
    "se_resnet18",
    "se_resnet20",
    "se_resnet34",
    "se_resnet50",
    "se_resnet101",
    "se_resnet152",
    "se_resnext50_32x4d",
    "senet154",
]


@dataclass(frozen=True)
class Basic:
    """Two 3 × 3 convolutions.

    Args:
        width: channels of the output.
        strides: of the first.
    """

    width: int
    strides: int = 1

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """What is to be weighed and added to the shortcut."""
        x = dialect.conv_norm(x, self.width, 3, strides=self.strides, name=f"{name}_1")
        return dialect.conv_norm(x, self.width, 3, activation=None, name=f"{name}_2")


@dataclass(frozen=True)
class Bottleneck:
    """1 × 1, a 3 × 3 which may be grouped, and 1 × 1.

    Args:
        width: channels of the output.
        strides: of the 3 × 3; without groups, of the dialect's choice.
        groups: of the 3 × 3.
        shares: of the output's channels, which the first two convolutions have.
    """

    width: int
    strides: int = 1
    groups: int = 1
    shares: tuple[float, float] = (1 / 4, 1 / 4)

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """What is to be weighed and added to the shortcut."""
        late = self.groups > 1 or dialect.late_stride
        first, second = (1, self.strides) if late else (self.strides, 1)
        narrow, wide = (int(self.width * share) for share in self.shares)
        x = dialect.conv_norm(x, narrow, 1, strides=first, name=f"{name}_1")
        x = dialect.conv_norm(x, wide, 3, strides=second, groups=self.groups, name=f"{name}_2")
        return dialect.conv_norm(x, self.width, 1, activation=None, name=f"{name}_3")


def excited(
    x: Any, block: Basic | Bottleneck, shortcut: Any, *, dialect: Dialect, name: str
) -> Any:
    """relu(weighed(block(x)) + shortcut)."""
    least = 8 if dialect.name == "timm" else 1
    units = max(block.width // 16, least)
    x = block(x, dialect=dialect, name=name)
    x = SqueezeExcite(filters=units, kernel_initializer="he_normal", name=f"{name}_se")(x)
    return Activation("relu", name=f"{name}_out")(Add(name=f"{name}_add")([shortcut, x]))


@dataclass(frozen=True)
class Variant:
    """A net of the paper.

    Args:
        block: (channels of the output, strides) -> a block.
        blocks: how many in each stage.
        width: channels of the first stage's output.
        stem: sides and filters of the first convolutions.
        shortcut_side: of the convolution that a shortcut is where the map becomes smaller.
        dropout_rate: before the classifier.
    """

    block: Callable[[int, int], Basic | Bottleneck]
    blocks: tuple[int, int, int, int]
    width: int = 256
    stem: tuple[tuple[int, int], ...] = ((7, 64),)
    shortcut_side: int = 1
    dropout_rate: float = 0.0


def _resnext(width: int, strides: int) -> Bottleneck:
    return Bottleneck(width, strides, groups=32, shares=(1 / 2, 1 / 2))


def _senet154(width: int, strides: int) -> Bottleneck:
    return Bottleneck(width, strides, groups=64, shares=(1 / 2, 1))


VARIANTS = {
    "se_resnet18": Variant(Basic, (2, 2, 2, 2), width=64),
    "se_resnet34": Variant(Basic, (3, 4, 6, 3), width=64),
    "se_resnet50": Variant(Bottleneck, (3, 4, 6, 3)),
    "se_resnet101": Variant(Bottleneck, (3, 4, 23, 3)),
    "se_resnet152": Variant(Bottleneck, (3, 8, 36, 3)),
    "se_resnext50_32x4d": Variant(_resnext, (3, 4, 6, 3)),
    "senet154": Variant(
        _senet154,
        (3, 8, 36, 3),
        stem=((3, 64), (3, 64), (3, 128)),
        shortcut_side=3,
        dropout_rate=0.2,
    ),
}


class SENet(Backbone):
    """The nets for photographs.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        x = inputs = Input(options.input_shape)
        for number, (side, filters) in enumerate(variant.stem):
            name = "conv1" if len(variant.stem) == 1 else f"conv1_{number + 1}"
            x = dialect.conv_norm(x, filters, side, strides=1 if number else 2, name=name)
        stages = {"conv1": x}
        border = ((0, 1), (0, 1)) if dialect.name == "paper" else 1  # the last window is full
        x = MaxPooling2D(3, 2, padding=border, name="pool1_pool")(x)
        for stage, count in enumerate(variant.blocks):
            for number in range(count):
                strides = 2 if stage and not number else 1
                block = variant.block(variant.width * 2**stage, strides)
                name = f"conv{stage + 2}_block{number + 1}"
                side = variant.shortcut_side if strides > 1 else 1
                shortcut = dialect.shortcut(x, block.width, side, strides=strides, name=f"{name}_0")
                x = excited(x, block, shortcut, dialect=dialect, name=name)
            stages[f"conv{stage + 2}"] = x
        outputs = _top(x, options, dropout_rate=variant.dropout_rate)
        super().__init__(inputs, outputs, stages=stages, name=options.name)


class CifarSEResNet(Backbone):
    """ResNet's net for pictures of 32 × 32 pixels, with these blocks.

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
                    zeros = ZeroChannels(filters // 4, filters // 4, name=f"{name}_0_pad")
                    shortcut = zeros(shortcut)
                x = excited(x, Basic(filters, strides), shortcut, dialect=dialect, name=name)
            stages[f"conv{stage + 2}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options, *, dropout_rate: float = 0.0) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    if dropout_rate:
        x = Dropout(dropout_rate, name="dropout")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


_BOTH = (PAPER, TIMM)

se_resnet18 = Architecture("se_resnet18", SENet, VARIANTS["se_resnet18"], dialects=_BOTH)
se_resnet34 = Architecture("se_resnet34", SENet, VARIANTS["se_resnet34"], dialects=_BOTH)
se_resnet50 = Architecture("se_resnet50", SENet, VARIANTS["se_resnet50"], dialects=_BOTH)
se_resnet101 = Architecture("se_resnet101", SENet, VARIANTS["se_resnet101"], dialects=_BOTH)
se_resnet152 = Architecture("se_resnet152", SENet, VARIANTS["se_resnet152"], dialects=_BOTH)
se_resnext50_32x4d = Architecture(
    "se_resnext50_32x4d", SENet, VARIANTS["se_resnext50_32x4d"], dialects=_BOTH
)
senet154 = Architecture("senet154", SENet, VARIANTS["senet154"], dialects=_BOTH)

se_resnet20 = Architecture(
    "se_resnet20", CifarSEResNet, 3, input_shape=(32, 32, 3), classes=10, least_px=4
)
