"""GoogLeNet: Szegedy, Liu, Jia et al., "Going Deeper with Convolutions", 2014, 1409.4842.

An inception module looks at a map through 1 × 1, 3 × 3 and 5 × 5 windows and a pooling at once, and
joins what it sees. A 1 × 1 convolution before each costly window makes the map thin first, so 22
layers need twelve times fewer parameters than AlexNet. Two auxiliary classifiers on inner maps,
whose losses count 0.3 each, carry the gradient to the first layers; training alone has them.

stage        output            1 × 1  3 × 3      5 × 5     pool
conv1        112 × 112 ×   64  7 × 7, stride 2, then a max-pool 3 × 3, stride 2, and LRN
conv2         56 ×  56 ×  192  1 × 1 to 64, 3 × 3 to 192, then LRN and a max-pool
3a            28 ×  28 ×  256  64     96, 128    16,  32   32
3b            28 ×  28 ×  480  128    128, 192   32,  96   64, then a max-pool
4a            14 ×  14 ×  512  192    96, 208    16,  48   64, with a classifier beside it
4b            14 ×  14 ×  512  160    112, 224   24,  64   64
4c            14 ×  14 ×  512  128    128, 256   24,  64   64
4d            14 ×  14 ×  528  112    144, 288   32,  64   64, with a classifier beside it
4e            14 ×  14 ×  832  256    160, 320   32, 128   128, then a max-pool
5a             7 ×   7 ×  832  256    160, 320   32, 128   128
5b             7 ×   7 × 1024  384    192, 384   48, 128   128
classifiers  mean of each map, dropout 0.4, 1000; beside: mean of 5 × 5, stride 3, 1 × 1 to 128,
             1024, dropout 0.7, 1000
parameters, millions      7.00, the classifiers beside it 3.19 each; "3x3" 6.62, 13.00 with them
multiply-adds, billions   1.58; "3x3" 1.50

Differs from the paper: nothing. It does not tell the constants of LRN, which are AlexNet's here,
nor how weights begin: here as in the known Caffe model, evenly with the variance 1 / inputs, and
biases at 0.2. googlenet_3x3 is torchvision's other net: 3 × 3 in the place of 5 × 5, and batch
normalisation after each convolution in the place of LRN and biases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    AdaptiveAveragePooling2D,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    GlobalAveragePooling2D,
    LocalResponseNormalization,
    MaxPooling2D,
)
from ..layers.dialect import PAPER, TORCHVISION, Dialect
from ..layers.initializers import Constant
from ..models import Backbone, Input
from ..models.backbone import flattened, pooled
from .registry import Architecture, Options

__all__ = ["Convolution", "GoogLeNet", "Inception", "Variant", "googlenet", "googlenet_3x3"]

AUXILIARY_FACTOR = 0.3
_FIRST: dict[str, Any] = {
    "kernel_initializer": "lecun_uniform",
    "bias_initializer": Constant(0.2),
}


@dataclass(frozen=True)
class Variant:
    """The paper's net, or torchvision's.

    Args:
        is_normed: whether batch normalisation stands in the place of LRN and biases.
        wide: side of the widest windows of a module.
        last_pool: side of the window that ends stage 4.
        dropped: part of the last numbers that training leaves out.
    """

    is_normed: bool
    wide: int
    last_pool: int
    dropped: float


VARIANTS = {
    "googlenet": Variant(is_normed=False, wide=5, last_pool=3, dropped=0.4),
    "googlenet_3x3": Variant(is_normed=True, wide=3, last_pool=2, dropped=0.2),
}


@dataclass(frozen=True)
class Convolution:
    """A convolution of a variant, in a dialect: with its norm or its bias, and relu.

    Args:
        variant: of the net.
        dialect: of the net.
    """

    variant: Variant
    dialect: Dialect

    def __call__(self, x: Any, filters: int, kernel: int, *, strides: int = 1, name: str) -> Any:
        """The map."""
        if self.variant.is_normed:
            return self.dialect.conv_norm(x, filters, kernel, strides=strides, name=name)
        padding = self.dialect.padding(kernel, strides=strides)
        layer = Conv2D(
            filters, kernel, strides, padding, activation="relu", name=f"{name}_conv", **_FIRST
        )
        return layer(x)


@dataclass(frozen=True)
class Inception:
    """Four branches on one map, joined: a row of table 1.

    Args:
        one: filters of the 1 × 1 convolution.
        three: filters before and of the 3 × 3 convolution.
        five: filters before and of the 5 × 5 convolution.
        pool: filters after the pooling.
    """

    one: int
    three: tuple[int, int]
    five: tuple[int, int]
    pool: int

    def __call__(self, x: Any, *, conv: Convolution, name: str) -> Any:
        """The joined maps."""
        one = conv(x, self.one, 1, name=f"{name}_1x1")
        three = conv(x, self.three[0], 1, name=f"{name}_3x3_reduce")
        three = conv(three, self.three[1], 3, name=f"{name}_3x3")
        five = conv(x, self.five[0], 1, name=f"{name}_5x5_reduce")
        five = conv(five, self.five[1], conv.variant.wide, name=f"{name}_5x5")
        pool = MaxPooling2D(3, 1, padding="same", name=f"{name}_pool")(x)
        pool = conv(pool, self.pool, 1, name=f"{name}_pool_proj")
        return Concatenate(name=f"{name}_concat")([one, three, five, pool])


MODULES = {
    "3a": Inception(64, (96, 128), (16, 32), 32),
    "3b": Inception(128, (128, 192), (32, 96), 64),
    "4a": Inception(192, (96, 208), (16, 48), 64),
    "4b": Inception(160, (112, 224), (24, 64), 64),
    "4c": Inception(128, (128, 256), (24, 64), 64),
    "4d": Inception(112, (144, 288), (32, 64), 64),
    "4e": Inception(256, (160, 320), (32, 128), 128),
    "5a": Inception(256, (160, 320), (32, 128), 128),
    "5b": Inception(384, (192, 384), (48, 128), 128),
}
CLASSIFIERS_BESIDE = {"4a": "aux1", "4d": "aux2"}


class GoogLeNet(Backbone):
    """The net of table 1.

    Args:
        variant: of the net.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        conv = Convolution(variant, options.dialect)
        inputs = Input(options.input_shape)
        x = _stem(inputs, conv)
        stages, early = {"conv2": x}, {}
        x = _halved(x, 3, "pool2")
        for name, module in MODULES.items():
            x = module(x, conv=conv, name=f"inception_{name}")
            stage = f"inception_{name[0]}"
            stages[stage] = x
            if options.include_top and name in CLASSIFIERS_BESIDE:
                beside = CLASSIFIERS_BESIDE[name]
                early[beside] = (_classifier_beside(x, options, conv, beside), AUXILIARY_FACTOR)
            if name == "3b":
                x = _halved(x, 3, "pool3")
            if name == "4e":
                x = _halved(x, variant.last_pool, "pool4")
        top = _top(x, variant, options)
        super().__init__(inputs, top, stages=stages, name=options.name, auxiliary=early)


def _stem(x: Any, conv: Convolution) -> Any:
    """The map of 192 channels, from a quarter of the picture's pixels on each side."""
    x = _halved(conv(x, 64, 7, strides=2, name="conv1"), 3, "pool1")
    if not conv.variant.is_normed:
        x = _held_back(x, "norm1")
    x = conv(x, 64, 1, name="conv2_reduce")
    x = conv(x, 192, 3, name="conv2")
    return x if conv.variant.is_normed else _held_back(x, "norm2")


def _held_back(x: Any, name: str) -> Any:
    return LocalResponseNormalization(2, 2.0, alpha=1e-4, beta=0.75, name=name)(x)


def _halved(x: Any, window: int, name: str) -> Any:
    """The largest of each window, stride 2; one that reaches over the far border counts too."""
    return MaxPooling2D(window, 2, ((0, 1), (0, 1)), name=name)(x)


def _top(x: Any, variant: Variant, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dropout(variant.dropped, name="dropout")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


def _classifier_beside(x: Any, options: Options, conv: Convolution, name: str) -> Any:
    """What an inner map says of the classes."""
    dialect = options.dialect
    if dialect.name == "torchvision":
        x = AdaptiveAveragePooling2D(4, name=f"{name}_pool")(x)
    else:
        x = AveragePooling2D(5, 3, name=f"{name}_pool")(x)
    x = conv(x, 128, 1, name=name)
    x = flattened(x, channels_first=dialect.channels_first, name=f"{name}_flatten")
    x = Dense(1024, "relu", name=f"{name}_fc", **_FIRST)(x)
    x = Dropout(0.7, name=f"{name}_dropout")(x)
    return Dense(options.classes, options.classifier_activation, name=f"{name}_predictions")(x)


googlenet = Architecture("googlenet", GoogLeNet, VARIANTS["googlenet"])
googlenet_3x3 = Architecture(
    "googlenet_3x3",
    GoogLeNet,
    VARIANTS["googlenet_3x3"],
    dialects=(PAPER, replace(TORCHVISION, epsilon=1e-3)),
)
