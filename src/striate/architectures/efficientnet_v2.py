"""EfficientNetV2: Tan & Le, "EfficientNetV2: Smaller Models and Faster Training", 2021, 2104.00298.

A search for nets that train fast. In the early stages, where maps are large and a convolution in
each channel by itself keeps no processor busy, one 3 × 3 convolution takes the place of the 1 × 1
and the 3 × 3 (Fused-MBConv). Windows are small, and the first blocks widen little.

stage    output (S)        block                           stride  layers
stage0   192 × 192 ×   24  convolution 3 × 3               2       1
stage1   192 × 192 ×   24  Fused-MBConv1, 3 × 3            1       2
stage2    96 ×  96 ×   48  Fused-MBConv4, 3 × 3            2       4
stage3    48 ×  48 ×   64  Fused-MBConv4, 3 × 3            2       4
stage4    24 ×  24 ×  128  MBConv4, 3 × 3, squeeze 0.25    2       6
stage5    24 ×  24 ×  160  MBConv6, 3 × 3, squeeze 0.25    1       9
stage6    12 ×  12 ×  256  MBConv6, 3 × 3, squeeze 0.25    2       15
stage7    12 ×  12 × 1280  convolution 1 × 1               1       1
parameters      21.46 million
multiply-adds   8.37 billion

Differs from the paper: nothing. Its training makes dropout grow with the picture, from 0.1 to 0.3;
here it is 0.2. Keras' scaling of pixels inside the net (`include_preprocessing`) is an option of
the builder, `preprocessing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..layers import Activation, Dense, Dropout, GlobalAveragePooling2D
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import VarianceScaling
from ..layers.mbconv import MBConv, linear, plus_input
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "EfficientNetV2",
    "FusedMBConv",
    "Stage",
    "efficientnet_v2_s",
]

_CLASSES = VarianceScaling(1 / 3, "fan_out", "uniform")
_LAST_BLOCK_LEFT_OUT = 0.2  # of the samples in training; earlier blocks in proportion
_DROPPED = 0.2


@dataclass(frozen=True)
class FusedMBConv:
    """3 × 3 to more channels and 1 × 1 to few; or, where there are no more between, 3 × 3 alone.

    Args:
        expansion: how many times the channels of the input are between.
        filters: of the output.
        strides: of the windows.
    """

    expansion: int
    filters: int
    strides: int

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map of so many filters, without a shortcut."""
        if self.expansion == 1:
            x = linear(
                x,
                self.filters,
                3,
                strides=self.strides,
                dialect=dialect,
                name=f"{name}_project",
            )
            return Activation("silu", name=f"{name}_project_activation")(x)
        wide = self.expansion * x.shape[-1]
        x = linear(x, wide, 3, strides=self.strides, dialect=dialect, name=f"{name}_expand")
        x = Activation("silu", name=f"{name}_expand_activation")(x)
        return linear(x, self.filters, 1, dialect=dialect, name=f"{name}_project")


@dataclass(frozen=True)
class Stage:
    """A row of the paper's table 4.

    Args:
        block: (expansion, filters, strides) -> a block.
        expansion: of its blocks.
        strides: of the first of them.
        filters: of the output.
        layers: how many blocks.
    """

    block: Callable[[int, int, int], FusedMBConv | MBConv]
    expansion: int
    strides: int
    filters: int
    layers: int


_mbconv = partial(MBConv, windows="dwconv2")

VARIANTS = {
    "efficientnet_v2_s": (
        Stage(FusedMBConv, 1, 1, 24, 2),
        Stage(FusedMBConv, 4, 2, 48, 4),
        Stage(FusedMBConv, 4, 2, 64, 4),
        Stage(_mbconv, 4, 2, 128, 6),
        Stage(_mbconv, 6, 1, 160, 9),
        Stage(_mbconv, 6, 2, 256, 15),
    )
}


class EfficientNetV2(Backbone):
    """The net of table 4.

    Args:
        variant: its rows between the first convolution and the last.
        options: of the user.
    """

    def __init__(self, variant: tuple[Stage, ...], options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        filters = variant[0].filters
        x = options.entered(inputs)
        x = linear(x, filters, 3, strides=2, dialect=dialect, name="stem")
        x = Activation("silu", name="stem_activation")(x)
        stages, number = {"stage0": x}, 0
        total = sum(row.layers for row in variant)
        for stage, row in enumerate(variant, 1):
            for place in range(row.layers):
                block = row.block(row.expansion, row.filters, 1 if place else row.strides)
                left_out = _LAST_BLOCK_LEFT_OUT * number / total
                name = f"block{stage}{chr(ord('a') + place)}"
                x = plus_input(x, block, left_out=left_out, dialect=dialect, name=name)
                number += 1
            stages[f"stage{stage}"] = x
        x = linear(x, 1280, 1, dialect=dialect, name="top")
        x = stages[f"stage{len(variant) + 1}"] = Activation("silu", name="top_activation")(x)
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dropout(_DROPPED, name="top_dropout")(x)
    return Dense(
        options.classes,
        options.classifier_activation,
        kernel_initializer=_CLASSES,
        name="predictions",
    )(x)


efficientnet_v2_s = Architecture(
    "efficientnet_v2_s",
    EfficientNetV2,
    VARIANTS["efficientnet_v2_s"],
    input_shape=(384, 384, 3),
    dialects=(
        replace(PAPER, epsilon=1e-3, momentum=0.99, symmetric=False),
        replace(KERAS, momentum=0.9),
        replace(TORCHVISION, epsilon=1e-3),
        replace(TIMM, epsilon=1e-3, symmetric=False),
    ),
    takes_preprocessing=True,
)
