"""DenseNet: Huang, Liu, van der Maaten & Weinberger, "Densely Connected Convolutional Networks".

2016, 1608.06993.

Inside a stage every layer sees the maps of all layers before it, laid beside each other, and adds a
few of its own: the growth rate. So no map must be computed twice, and each layer is close to the
classifier. A 1 × 1 convolution before each 3 × 3 keeps the cost low, and one between two stages,
the transition, halves the channels before a pooling halves the map.

stage   output        121         169         201         264         161
conv1   112 × 112     7 × 7 to 64, stride 2, in 161 to 96; then 3 × 3 max pooling, stride 2
conv2    56 ×  56     6 (256)     6 (256)     6 (256)     6 (256)     6 (384)
conv3    28 ×  28     12 (512)    12 (512)    12 (512)    12 (512)    12 (768)
conv4    14 ×  14     24 (1024)   32 (1280)   48 (1792)   64 (2304)   36 (2112)
conv5     7 ×   7     16 (1024)   32 (1664)   32 (1920)   48 (2688)   24 (2208)
growth rate           32          32          32          32          48
parameters, millions  7.98        14.15       20.01       33.34       28.68
multiply-adds, 10^9   2.83        3.36        4.29        5.75        7.73

For pictures of 32 × 32 pixels three stages follow a 3 × 3 convolution, with growth rate 12:
densenet40 has 12 layers in each stage, of one 3 × 3 convolution, and transitions that keep the
channels, 1.02 million parameters; densenet_bc100 16 with both savings, 0.77 million.

Differs from the paper: nothing. 161 stands in its first versions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "CifarDenseNet",
    "DenseLayer",
    "DenseNet",
    "Variant",
    "convolution",
    "densenet40",
    "densenet121",
    "densenet161",
    "densenet169",
    "densenet201",
    "densenet264",
    "densenet_bc100",
    "normed_relu",
    "transition",
]


def normed_relu(x: Any, *, dialect: Dialect, norm: str, relu: str) -> Any:
    """relu of the normalised map; both under their names."""
    return Activation("relu", name=relu)(dialect.norm(name=norm)(x))


def convolution(x: Any, filters: int, kernel_size: int, *, name: str) -> Any:
    """A convolution alone, which keeps the size: its norm and relu came before it."""
    return Conv2D(
        filters,
        kernel_size,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=name,
    )(x)


@dataclass(frozen=True)
class DenseLayer:
    """New maps, beside those that there are.

    Args:
        growth: how many are new.
        bottleneck: whether a 1 × 1 convolution to four times as many stands before the 3 × 3.
    """

    growth: int
    bottleneck: bool = True

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """All maps so far and the new ones."""
        new = normed_relu(x, dialect=dialect, norm=f"{name}_0_bn", relu=f"{name}_0_relu")
        if self.bottleneck:
            new = convolution(new, 4 * self.growth, 1, name=f"{name}_1_conv")
            new = normed_relu(new, dialect=dialect, norm=f"{name}_1_bn", relu=f"{name}_1_relu")
        new = convolution(new, self.growth, 3, name=f"{name}_2_conv")
        return Concatenate(name=f"{name}_concat")([x, new])


def transition(x: Any, filters: int, *, dialect: Dialect, name: str) -> Any:
    """Fewer channels, and a map of half the side."""
    x = normed_relu(x, dialect=dialect, norm=f"{name}_bn", relu=f"{name}_relu")
    x = convolution(x, filters, 1, name=f"{name}_conv")
    return AveragePooling2D(2, name=f"{name}_pool")(x)


@dataclass(frozen=True)
class Variant:
    """A column of the paper's table 1, or a line of its table 2.

    Args:
        layers: how many in each stage.
        growth: new maps of each layer.
        stem: filters of the first convolution.
        compressed: whether layers have a bottleneck and transitions halve the channels: "BC".
    """

    layers: tuple[int, ...]
    growth: int
    stem: int
    compressed: bool = True

    def __call__(self, x: Any, *, dialect: Dialect) -> dict[str, Any]:
        """Name -> map at the end of each stage, the last one normalised."""
        stages = {}
        layer = DenseLayer(self.growth, self.compressed)
        for stage, count in enumerate(self.layers):
            name = f"conv{stage + 2}"
            if stage:
                filters = x.shape[-1] // (2 if self.compressed else 1)
                x = transition(x, filters, dialect=dialect, name=f"pool{stage + 1}")
            for number in range(count):
                x = layer(x, dialect=dialect, name=f"{name}_block{number + 1}")
            stages[name] = x
        stages[name] = normed_relu(x, dialect=dialect, norm="bn", relu="relu")
        return stages


VARIANTS = {
    "densenet121": Variant((6, 12, 24, 16), growth=32, stem=64),
    "densenet169": Variant((6, 12, 32, 32), growth=32, stem=64),
    "densenet201": Variant((6, 12, 48, 32), growth=32, stem=64),
    "densenet264": Variant((6, 12, 64, 48), growth=32, stem=64),
    "densenet161": Variant((6, 12, 36, 24), growth=48, stem=96),
    "densenet40": Variant((12, 12, 12), growth=12, stem=16, compressed=False),
    "densenet_bc100": Variant((16, 16, 16), growth=12, stem=24),
}


class DenseNet(Backbone):
    """The nets of table 1, for photographs.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = dialect.conv_norm(inputs, variant.stem, 7, strides=2, name="conv1")
        pool = MaxPooling2D(3, 2, padding=dialect.padding(3, strides=2), name="pool1")
        stages = {"conv1": x, **variant(pool(x), dialect=dialect)}
        outputs = _top(stages["conv5"], options)
        super().__init__(inputs, outputs, stages=stages, name=options.name)


class CifarDenseNet(Backbone):
    """The nets of table 2, for pictures of 32 × 32 pixels.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        inputs = Input(options.input_shape)
        x = convolution(inputs, variant.stem, 3, name="conv1_conv")
        stages = variant(x, dialect=options.dialect)
        outputs = _top(stages["conv4"], options)
        super().__init__(inputs, outputs, stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


_KERAS = replace(KERAS, epsilon=1.001e-5, symmetric=True)


def _large(name: str, *dialects: Dialect) -> Architecture:
    return Architecture(name, DenseNet, VARIANTS[name], dialects=(PAPER, *dialects))


def _small(name: str) -> Architecture:
    return Architecture(
        name, CifarDenseNet, VARIANTS[name], input_shape=(32, 32, 3), classes=10, least_px=4
    )


densenet121 = _large("densenet121", _KERAS, TORCHVISION, TIMM)
densenet169 = _large("densenet169", _KERAS, TORCHVISION, TIMM)
densenet201 = _large("densenet201", _KERAS, TORCHVISION, TIMM)
densenet264 = _large("densenet264")
densenet161 = _large("densenet161", TORCHVISION, TIMM)

densenet40 = _small("densenet40")
densenet_bc100 = _small("densenet_bc100")
