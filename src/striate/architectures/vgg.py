"""VGG: Simonyan & Zisserman, 2014, 1409.1556.

"Very Deep Convolutional Networks for Large-Scale Image Recognition".

Nothing but 3 × 3 convolutions, two to four in a row, and then a pooling that halves the map. Two of
them see 5 × 5 pixels, three see 7 × 7, with fewer parameters than one wide kernel and more relus.
Depth alone, from 11 to 19 layers with weights, is what the paper compares.

block   output            11 (A)    13 (B)    16 (D)    19 (E)
block1  112 × 112 ×  64   1         2         2         2
block2   56 ×  56 × 128   1         2         2         2
block3   28 ×  28 × 256   2         2         3         4
block4   14 ×  14 × 512   2         2         3         4
block5    7 ×   7 × 512   2         2         3         4
dense    4096, 4096, 1000
parameters, millions      132.86    133.05    138.36    143.67
multiply-adds, billions     7.61     11.31     15.47     19.63

Differs from the paper: weights are drawn as by Glorot & Bengio, what the paper's own note in
section 3.1 puts in the place of a pre-trained net A. Columns A-LRN and C, which the paper found
no better, are left out. Nets with batch normalisation (_bn) are torchvision's: the paper is older.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    AdaptiveAveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    MaxPooling2D,
)
from ..layers.dialect import KERAS, PAPER, TORCHVISION, Dialect
from ..models import Backbone, Input
from ..models.backbone import flattened, pooled
from .registry import Architecture, Options

__all__ = [
    "VGG",
    "Block",
    "Variant",
    "vgg11",
    "vgg11_bn",
    "vgg13",
    "vgg13_bn",
    "vgg16",
    "vgg16_bn",
    "vgg19",
    "vgg19_bn",
]

FILTERS = (64, 128, 256, 512, 512)


@dataclass(frozen=True)
class Block:
    """Convolutions of 3 × 3 in a row, and a pooling.

    Args:
        filters: of each.
        convolutions: how many.
        is_normed: whether a batch normalisation follows each.
    """

    filters: int
    convolutions: int
    is_normed: bool

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map, half as wide."""
        for number in range(1, self.convolutions + 1):
            activation = None if self.is_normed else "relu"
            inner = f"{name}_conv{number}"
            x = Conv2D(self.filters, 3, padding="same", activation=activation, name=inner)(x)
            if self.is_normed:
                x = dialect.norm(name=f"{inner}_bn")(x)
                x = Activation("relu", name=f"{inner}_relu")(x)
        return MaxPooling2D(2, name=f"{name}_pool")(x)


@dataclass(frozen=True)
class Variant:
    """A column of the paper's table 1.

    Args:
        convolutions: of each block.
        is_normed: whether a batch normalisation follows each.
    """

    convolutions: tuple[int, int, int, int, int]
    is_normed: bool = False


VARIANTS = {
    "vgg11": Variant((1, 1, 2, 2, 2)),
    "vgg13": Variant((2, 2, 2, 2, 2)),
    "vgg16": Variant((2, 2, 3, 3, 3)),
    "vgg19": Variant((2, 2, 4, 4, 4)),
}


class VGG(Backbone):
    """The nets of table 1.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        x = inputs = Input(options.input_shape)
        stages = {}
        blocks = zip(FILTERS, variant.convolutions, strict=True)
        for number, (filters, convolutions) in enumerate(blocks, 1):
            block = Block(filters, convolutions, variant.is_normed)
            x = stages[f"block{number}"] = block(x, dialect=dialect, name=f"block{number}")
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """Three dense layers; the first two are thinned in training, but for Keras'."""
    if not options.include_top:
        return pooled(x, options.pooling)
    dialect = options.dialect
    if dialect.name == "torchvision":
        x = AdaptiveAveragePooling2D(7, name="avg_pool")(x)
    x = flattened(x, channels_first=dialect.channels_first)
    for number in (1, 2):
        x = Dense(4096, "relu", name=f"fc{number}")(x)
        if dialect.name != "keras":
            x = Dropout(0.5, name=f"fc{number}_dropout")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


def _normed(name: str) -> Architecture:
    """The net whose convolutions are normalised."""
    variant = replace(VARIANTS[name], is_normed=True)
    return Architecture(f"{name}_bn", VGG, variant, dialects=(PAPER, TORCHVISION))


vgg11 = Architecture("vgg11", VGG, VARIANTS["vgg11"], dialects=(PAPER, TORCHVISION))
vgg13 = Architecture("vgg13", VGG, VARIANTS["vgg13"], dialects=(PAPER, TORCHVISION))
vgg16 = Architecture("vgg16", VGG, VARIANTS["vgg16"], dialects=(PAPER, KERAS, TORCHVISION))
vgg19 = Architecture("vgg19", VGG, VARIANTS["vgg19"], dialects=(PAPER, KERAS, TORCHVISION))

vgg11_bn = _normed("vgg11")
vgg13_bn = _normed("vgg13")
vgg16_bn = _normed("vgg16")
vgg19_bn = _normed("vgg19")
