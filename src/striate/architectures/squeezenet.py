"""SqueezeNet: Iandola, Han, Moskewicz, Ashraf, Dally & Keutzer, 2016, 1602.07360.

"SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size".

A fire module squeezes a map into few channels by 1 × 1 convolutions and expands it again, half by
1 × 1 and half by 3 × 3. Few channels before the costly 3 × 3, and few of those, save parameters;
late pooling keeps maps large. The classes are maps of a last 1 × 1 convolution, whose means count.

stage   output            1.0                                1.1
conv1   111 × 111 ×  96   7 × 7, stride 2                   113 × 113 ×  64, 3 × 3, stride 2
pool1    55 ×  55         max-pool 3 × 3, stride 2           56 × 56
fires    55 ×  55 × 256   16, 16, 32 squeezed, then a pool   56 × 56 × 128, 16, 16, then a pool
         27 ×  27 × 512   32, 48, 48, 64, then a pool        28 × 28 × 256, 32, 32, then a pool
         13 ×  13 × 512   64                                 14 × 14 × 512, 48, 48, 64, 64
conv10   13 ×  13 × 1000  1 × 1, and the mean of each map    14 × 14 × 1000
parameters, millions      1.248                              1.236
multiply-adds, billions   0.83                               0.39

Differs from the paper: pictures of 227 pixels, as in its released net, for the table's 111 do not
follow from the 224 that it prints. Version 1.1 is of the same authors' release, not in the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layers import (
    Activation,
    Concatenate,
    Conv2D,
    Dropout,
    GlobalAveragePooling2D,
    MaxPooling2D,
)
from ..layers.dialect import PAPER, TORCHVISION
from ..layers.initializers import RandomNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = ["Fire", "SqueezeNet", "Variant", "squeezenet", "squeezenet_1_1"]

_LAST = RandomNormal(stddev=0.01)


@dataclass(frozen=True)
class Fire:
    """1 × 1 to few channels; then 1 × 1 and 3 × 3 beside each other, four times as many each.

    Args:
        squeezed: channels between.
    """

    squeezed: int

    def __call__(self, x: Any, *, name: str) -> Any:
        """The map of both."""
        x = _conv(self.squeezed, 1, f"{name}_squeeze1x1")(x)
        small = _conv(4 * self.squeezed, 1, f"{name}_expand1x1")(x)
        wide = _conv(4 * self.squeezed, 3, f"{name}_expand3x3")(x)
        return Concatenate(name=f"{name}_concat")([small, wide])


def _conv(filters: int, kernel_size: int, name: str, **options: Any) -> Conv2D:
    options = {"padding": "same", "kernel_initializer": "lecun_uniform"} | options
    return Conv2D(filters, kernel_size, activation="relu", name=name, **options)


def _pool(x: Any, name: str) -> Any:
    """The largest of 3 × 3, stride 2; windows that reach over the right and lower border count."""
    return MaxPooling2D(3, 2, ((0, 1), (0, 1)), name=name)(x)


@dataclass(frozen=True)
class Variant:
    """A version of the net.

    Args:
        filters, kernel_size: of the first convolution.
        fires: squeezed channels of each module, one tuple between two poolings.
    """

    filters: int
    kernel_size: int
    fires: tuple[tuple[int, ...], ...]


VARIANTS = {
    "squeezenet": Variant(96, 7, ((16, 16, 32), (32, 48, 48, 64), (64,))),
    "squeezenet_1_1": Variant(64, 3, ((16, 16), (32, 32), (48, 48, 64, 64))),
}


class SqueezeNet(Backbone):
    """The net of table 1, and its later version.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        inputs = Input(options.input_shape)
        x = _conv(variant.filters, variant.kernel_size, "conv1", strides=2, padding="valid")(inputs)
        stages, number = {"conv1": x}, 1
        for fires in variant.fires:
            x = _pool(x, f"pool{number}")
            for squeezed in fires:
                number += 1
                x = Fire(squeezed)(x, name=f"fire{number}")
            stages[f"fire{number}"] = x
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _top(x: Any, options: Options) -> Any:
    """A map for each class, and its mean."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = Dropout(0.5, name="drop9")(x)
    x = _conv(options.classes, 1, "conv10", kernel_initializer=_LAST)(x)
    x = GlobalAveragePooling2D(name="pool10")(x)
    return Activation(options.classifier_activation, name="predictions")(x)


_WHERE: dict[str, Any] = {"input_shape": (227, 227, 3), "dialects": (PAPER, TORCHVISION)}

squeezenet = Architecture("squeezenet", SqueezeNet, VARIANTS["squeezenet"], **_WHERE)
squeezenet_1_1 = Architecture("squeezenet_1_1", SqueezeNet, VARIANTS["squeezenet_1_1"], **_WHERE)
