"""ConvNeXt: Liu, Mao, Wu, Feichtenhofer, Darrell & Xie, 2022, 2201.03545.

"A ConvNet for the 2020s".

ResNet-50, brought step by step to the manner of vision transformers, without attention. A block
looks around 7 × 7 pixels in each channel by itself, and then joins the channels of a pixel in two
dense layers. There is one normalisation a block, of the channels of each pixel, and one activation.

stage    output            blocks of ConvNeXt-T
stem      56 ×  56 ×  96   convolution 4 × 4, stride 4
stage1    56 ×  56 ×  96   3
stage2    28 ×  28 × 192   3, after a convolution 2 × 2, stride 2
stage3    14 ×  14 × 384   9, after the same
stage4     7 ×   7 × 768   3, after the same
parameters      28.59 million
multiply-adds   4.46 billion

Differs from the paper: nothing; the first weights deviate by 0.02 from 0, as in the authors' code.
Without its top the net ends, as Keras' does, with the normalisation that comes before the classes.
Keras' scaling of pixels inside the net (`include_preprocessing`) is the builder's `preprocessing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layers import (
    Activation,
    Add,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    LayerNormalization,
    LayerScale,
    StochasticDepth,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION
from ..layers.initializers import RandomNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Block",
    "ConvNeXt",
    "Variant",
    "convnext_tiny",
]

_KERNEL = RandomNormal(stddev=0.02)
_EPSILON = 1e-6


@dataclass(frozen=True)
class Block:
    """7 × 7 in each channel, norm, 1 × 1 to four times the channels, GELU and 1 × 1 back.

    Args:
        left_out: part of the samples that pass by in training.
    """

    left_out: float

    def __call__(self, x: Any, *, name: str) -> Any:
        """The input plus what the block finds."""
        channels, y = x.shape[-1], x
        y = Conv2D(
            channels,
            7,
            padding="same",
            groups=channels,
            kernel_initializer=_KERNEL,
            name=f"{name}_depthwise_conv",
        )(y)
        y = LayerNormalization(epsilon=_EPSILON, name=f"{name}_layernorm")(y)
        y = Dense(4 * channels, kernel_initializer=_KERNEL, name=f"{name}_pointwise_conv_1")(y)
        y = Activation("gelu", name=f"{name}_gelu")(y)
        y = Dense(channels, kernel_initializer=_KERNEL, name=f"{name}_pointwise_conv_2")(y)
        y = LayerScale(1e-6, name=f"{name}_layer_scale")(y)
        if self.left_out:
            y = StochasticDepth(self.left_out, name=f"{name}_stochastic_depth")(y)
        return Add(name=f"{name}_add")([x, y])


def _stem(x: Any, filters: int) -> Any:
    """The picture cut into squares of 4 × 4 pixels, and the norm."""
    x = Conv2D(filters, 4, 4, kernel_initializer=_KERNEL, name="stem_conv")(x)
    return LayerNormalization(epsilon=_EPSILON, name="stem_layernorm")(x)


def _halved(x: Any, filters: int, *, number: int) -> Any:
    """The norm, and a convolution that makes one pixel of 2 × 2."""
    x = LayerNormalization(epsilon=_EPSILON, name=f"downsampling_layernorm_{number}")(x)
    name = f"downsampling_conv_{number}"
    return Conv2D(filters, 2, 2, kernel_initializer=_KERNEL, name=name)(x)


@dataclass(frozen=True)
class Variant:
    """One of the nets of section 3.

    Args:
        filters, blocks: of each stage.
        left_out: part of the samples that pass by the last block in training; earlier blocks are
            left out more seldom, the first never.
    """

    filters: tuple[int, int, int, int]
    blocks: tuple[int, int, int, int]
    left_out: float


VARIANTS = {"convnext_tiny": Variant((96, 192, 384, 768), (3, 3, 9, 3), 0.1)}


class ConvNeXt(Backbone):
    """The nets of section 3.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        inputs = Input(options.input_shape)
        x = _stem(options.entered(inputs), variant.filters[0])
        stages, number, last = {"stem": x}, 0, sum(variant.blocks) - 1
        rows = zip(variant.filters, variant.blocks, strict=True)
        for stage, (filters, blocks) in enumerate(rows):
            if stage:
                x = _halved(x, filters, number=stage - 1)
            for place in range(blocks):
                block = Block(variant.left_out * number / last)
                x = block(x, name=f"stage_{stage}_block_{place}")
                number += 1
            stages[f"stage{stage + 1}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, the norm, and a dense layer."""
    if options.include_top:
        x = GlobalAveragePooling2D(name="head_gap")(x)
    else:
        x = pooled(x, options.pooling)
    x = LayerNormalization(epsilon=_EPSILON, name="head_layernorm")(x)
    if not options.include_top:
        return x
    return Dense(
        options.classes,
        options.classifier_activation,
        kernel_initializer=_KERNEL,
        name="head_dense",
    )(x)


convnext_tiny = Architecture(
    "convnext_tiny",
    ConvNeXt,
    VARIANTS["convnext_tiny"],
    dialects=(PAPER, KERAS, TORCHVISION, TIMM),
    takes_preprocessing=True,
)
