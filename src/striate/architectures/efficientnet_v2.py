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
here it is 0.2. Keras' scaling of pixels inside the net (`include_preprocessing`) is left to the
preprocessing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Add,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    Multiply,
    StochasticDepth,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import VarianceScaling
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "EfficientNetV2",
    "FusedMBConv",
    "MBConv",
    "Stage",
    "efficientnet_v2_s",
]

_KERNEL = VarianceScaling(2.0, "fan_out", "untruncated_normal")
_LINEAR: dict[str, Any] = {"activation": None, "kernel_initializer": _KERNEL}
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
            x = dialect.conv_norm(
                x, self.filters, 3, strides=self.strides, name=f"{name}_project", **_LINEAR
            )
            return Activation("silu", name=f"{name}_project_activation")(x)
        wide = self.expansion * x.shape[-1]
        x = dialect.conv_norm(x, wide, 3, strides=self.strides, name=f"{name}_expand", **_LINEAR)
        x = Activation("silu", name=f"{name}_expand_activation")(x)
        return dialect.conv_norm(x, self.filters, 1, name=f"{name}_project", **_LINEAR)


@dataclass(frozen=True)
class MBConv:
    """1 × 1 to more channels, 3 × 3 in each of them, their weighing, and 1 × 1 to few.

    Args:
        expansion, filters, strides: as of `FusedMBConv`.
    """

    expansion: int
    filters: int
    strides: int

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map of so many filters, without a shortcut."""
        channels = x.shape[-1]
        x = dialect.conv_norm(x, self.expansion * channels, 1, name=f"{name}_expand", **_LINEAR)
        x = Activation("silu", name=f"{name}_expand_activation")(x)
        x = DepthwiseConv2D(
            3,
            self.strides,
            dialect.padding(3, strides=self.strides),
            use_bias=False,
            depthwise_initializer=_KERNEL,
            name=f"{name}_dwconv2",
        )(x)
        x = Activation("silu", name=f"{name}_activation")(dialect.norm(name=f"{name}_bn")(x))
        x = _squeeze_excite(x, channels // 4, name=f"{name}_se")
        return dialect.conv_norm(x, self.filters, 1, name=f"{name}_project", **_LINEAR)


def _squeeze_excite(x: Any, units: int, *, name: str) -> Any:
    """Each channel times a number between 0 and 1, by what so many units make of all means."""
    gate = GlobalAveragePooling2D(keepdims=True, name=f"{name}_squeeze")(x)
    gate = Conv2D(units, 1, activation="silu", kernel_initializer=_KERNEL, name=f"{name}_reduce")(
        gate
    )
    gate = Conv2D(
        x.shape[-1], 1, activation="sigmoid", kernel_initializer=_KERNEL, name=f"{name}_expand"
    )(gate)
    return Multiply(name=f"{name}_excite")([x, gate])


def _residual(
    x: Any, block: FusedMBConv | MBConv, left_out: float, *, dialect: Dialect, name: str
) -> Any:
    """block(x), plus x where it fits; in training, block(x) is left out for some samples."""
    y = block(x, dialect=dialect, name=name)
    if block.strides > 1 or x.shape[-1] != block.filters:
        return y
    if left_out:
        y = StochasticDepth(left_out, name=f"{name}_drop")(y)
    return Add(name=f"{name}_add")([y, x])


@dataclass(frozen=True)
class Stage:
    """A row of the paper's table 4.

    Args:
        block: its kind.
        expansion: of its blocks.
        strides: of the first of them.
        filters: of the output.
        layers: how many blocks.
    """

    block: type[FusedMBConv] | type[MBConv]
    expansion: int
    strides: int
    filters: int
    layers: int


VARIANTS = {
    "efficientnet_v2_s": (
        Stage(FusedMBConv, 1, 1, 24, 2),
        Stage(FusedMBConv, 4, 2, 48, 4),
        Stage(FusedMBConv, 4, 2, 64, 4),
        Stage(MBConv, 4, 2, 128, 6),
        Stage(MBConv, 6, 1, 160, 9),
        Stage(MBConv, 6, 2, 256, 15),
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
        x = dialect.conv_norm(inputs, filters, 3, strides=2, name="stem", **_LINEAR)
        x = Activation("silu", name="stem_activation")(x)
        stages, number = {"stage0": x}, 0
        total = sum(row.layers for row in variant)
        for stage, row in enumerate(variant, 1):
            for place in range(row.layers):
                block = row.block(row.expansion, row.filters, 1 if place else row.strides)
                left_out = _LAST_BLOCK_LEFT_OUT * number / total
                name = f"block{stage}{chr(ord('a') + place)}"
                x = _residual(x, block, left_out, dialect=dialect, name=name)
                number += 1
            stages[f"stage{stage}"] = x
        x = dialect.conv_norm(x, 1280, 1, name="top", **_LINEAR)
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
)
