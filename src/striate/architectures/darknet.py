"""Darknet-53: Redmon & Farhadi, "YOLOv3: An Incremental Improvement", 2018, 1804.02767.

A block is a 1 × 1 convolution to half as many channels and a 3 × 3 back, and a shortcut past both.
Convolutions of stride 2 make the maps smaller, there is no pooling before the last map. With 53
layers it is as good as ResNet-152 and twice as fast.

stage    output            convolution         blocks of 1 × 1 and 3 × 3
conv1    256 × 256 ×   32  3 × 3               -
stage1   128 × 128 ×   64  3 × 3, stride 2     1 of   32 and   64
stage2    64 ×  64 ×  128  3 × 3, stride 2     2 of   64 and  128
stage3    32 ×  32 ×  256  3 × 3, stride 2     8 of  128 and  256
stage4    16 ×  16 ×  512  3 × 3, stride 2     8 of  256 and  512
stage5     8 ×   8 × 1024  3 × 3, stride 2     4 of  512 and 1024
parameters 41,609,928; multiply-adds 9.29 billion at 256 × 256 (18.57 billion operations)

What the paper leaves out is as in its code, darknet53.cfg: leaky ReLUs of slope 0.1, He's normal
weights (also of the last layer, there a 1 × 1 convolution), moving averages with momentum 0.99.

Differs from the paper: nothing. timm's has slope 0.01 and momentum 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import Add, Dense, GlobalAveragePooling2D
from ..layers.dialect import PAPER, TIMM, Dialect
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = ["Dark", "Darknet", "darknet53"]

_LEAKY = "leaky_relu"


@dataclass(frozen=True)
class Dark:
    """1 × 1 to half as many channels, 3 × 3 back, and the shortcut.

    Args:
        filters: of the input and of the output.
    """

    filters: int

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The sum; no activation follows it."""
        y = dialect.conv_norm(x, self.filters // 2, 1, activation=_LEAKY, name=f"{name}_1")
        y = dialect.conv_norm(y, self.filters, 3, activation=_LEAKY, name=f"{name}_2")
        return Add(name=f"{name}_add")([x, y])


VARIANTS = {"darknet53": (1, 2, 8, 8, 4)}
"""How many blocks each stage has."""


class Darknet(Backbone):
    """The net of table 1.

    Args:
        blocks: of each stage.
        options: of the user.
    """

    def __init__(self, blocks: tuple[int, ...], options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        x = dialect.conv_norm(inputs, 32, 3, activation=_LEAKY, name="conv1")
        stages = {"conv1": x}
        for number, count in enumerate(blocks, 1):
            name, filters = f"stage{number}", 32 * 2**number
            x = dialect.conv_norm(x, filters, 3, strides=2, activation=_LEAKY, name=f"{name}_down")
            for block in range(1, count + 1):
                x = Dark(filters)(x, dialect=dialect, name=f"{name}_block{block}")
            stages[name] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    layer = Dense(
        options.classes,
        options.classifier_activation,
        kernel_initializer="he_normal",
        name="predictions",
    )
    return layer(x)


darknet53 = Architecture(
    "darknet53",
    Darknet,
    VARIANTS["darknet53"],
    input_shape=(256, 256, 3),
    dialects=(replace(PAPER, momentum=0.99), replace(TIMM, leak=0.01)),
)
