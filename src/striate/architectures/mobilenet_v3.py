"""MobileNetV3: Howard, Sandler, Chu et al., "Searching for MobileNetV3", 2019, 1905.02244.

The blocks of MobileNetV2, with widths and kernels that a search found for telephones. In some, the
channels are weighed by a squeeze-and-excite of a quarter of their number, and the later half bends
by hard swish, x relu6(x + 3) / 6. The costly last layers are moved behind the pooling.

stage    output of the large net  blocks   output of the small net  blocks
stage1   112 × 112 ×  16          1 + conv   112 × 112 ×  16        0 + conv (3 × 3, stride 2)
stage2    56 ×  56 ×  24          2           56 ×  56 ×  16        1
stage3    28 ×  28 ×  40          3           28 ×  28 ×  24        2
stage4    14 ×  14 × 112          6           14 ×  14 ×  48        5
stage5     7 ×   7 × 160          3            7 ×   7 ×  96        3
stage6     7 ×   7 × 960          conv         7 ×   7 × 576        conv (1 × 1)
top       pool, 1280, classes                pool, 1024, classes
parameters      5.48 million                 2.54 million
multiply-adds   217 million                  56.5 million

Differs from the paper: the last convolution of the small net has no squeeze-and-excite. Table 2
ticks it, but neither the authors' code nor the paper's 2.5 million parameters have it. What the
text leaves open (the border, the norm's epsilon, the first weights) is as in that code. Keras'
scaling of pixels inside the net (`include_preprocessing`) is the builder's `preprocessing`.

The paper's momentum of the norms, 0.99, wants some 600 steps of training before inference says what
training does; dialect "timm" has 0.9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..layers import (
    Activation,
    Add,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Multiply,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import TruncatedNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = [
    "Bneck",
    "MobileNetV3",
    "Variant",
    "eighths",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
]

_KERNEL = TruncatedNormal(stddev=0.09)
_DROPPED = 0.2


@dataclass(frozen=True)
class Bneck:
    """1 × 1 to more channels, k × k in each, perhaps their weighing, and 1 × 1 to few: a row.

    Args:
        kernel: side of the windows, in pixels.
        expanded: channels between.
        filters: of the output.
        squeezes: whether the channels between are weighed.
        activation: "relu" or "hard_swish".
        strides: of the windows.
    """

    kernel: int
    expanded: int
    filters: int
    squeezes: bool
    activation: str
    strides: int

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map of so many filters, plus the input where it fits."""
        shortcut, channels = x, x.shape[-1]
        if self.expanded != channels:
            x = _conv_norm(x, self.expanded, dialect=dialect, name=f"{name}_expand")
            x = Activation(self.activation, name=f"{name}_expand_{self.activation}")(x)
        x = DepthwiseConv2D(
            self.kernel,
            self.strides,
            dialect.padding(self.kernel, strides=self.strides),
            use_bias=False,
            depthwise_initializer=_KERNEL,
            name=f"{name}_depthwise",
        )(x)
        x = dialect.norm(name=f"{name}_depthwise_bn")(x)
        x = Activation(self.activation, name=f"{name}_depthwise_{self.activation}")(x)
        if self.squeezes:
            x = _squeeze_excite(x, name=f"{name}_squeeze_excite")
        x = _conv_norm(x, self.filters, dialect=dialect, name=f"{name}_project")
        if self.strides > 1 or channels != self.filters:
            return x
        return Add(name=f"{name}_add")([shortcut, x])


def _squeeze_excite(x: Any, *, name: str) -> Any:
    """Each channel times a number between 0 and 1, by what a quarter as many make of all means."""
    channels = x.shape[-1]
    gate = GlobalAveragePooling2D(keepdims=True, name=f"{name}_avg_pool")(x)
    gate = Conv2D(eighths(channels / 4), 1, kernel_initializer=_KERNEL, name=f"{name}_conv")(gate)
    gate = Activation("relu", name=f"{name}_relu")(gate)
    gate = Conv2D(channels, 1, kernel_initializer=_KERNEL, name=f"{name}_conv_1")(gate)
    gate = Activation("hard_sigmoid", name=f"{name}_hard_sigmoid")(gate)
    return Multiply(name=f"{name}_mul")([x, gate])


def eighths(channels: float) -> int:
    """The nearest multiple of 8 that is at least 8 and at least nine tenths of the number."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest


def _conv_norm(x: Any, filters: int, *, dialect: Dialect, name: str) -> Any:
    x = Conv2D(filters, 1, use_bias=False, kernel_initializer=_KERNEL, name=name)(x)
    return dialect.norm(name=f"{name}_bn")(x)


@dataclass(frozen=True)
class Variant:
    """One of the paper's tables 1 and 2.

    Args:
        rows: its blocks.
        last: channels of the layer between the pooling and the classes.
    """

    rows: tuple[Bneck, ...]
    last: int


VARIANTS = {
    "mobilenet_v3_large": Variant(
        (
            Bneck(3, 16, 16, False, "relu", 1),
            Bneck(3, 64, 24, False, "relu", 2),
            Bneck(3, 72, 24, False, "relu", 1),
            Bneck(5, 72, 40, True, "relu", 2),
            Bneck(5, 120, 40, True, "relu", 1),
            Bneck(5, 120, 40, True, "relu", 1),
            Bneck(3, 240, 80, False, "hard_swish", 2),
            Bneck(3, 200, 80, False, "hard_swish", 1),
            Bneck(3, 184, 80, False, "hard_swish", 1),
            Bneck(3, 184, 80, False, "hard_swish", 1),
            Bneck(3, 480, 112, True, "hard_swish", 1),
            Bneck(3, 672, 112, True, "hard_swish", 1),
            Bneck(5, 672, 160, True, "hard_swish", 2),
            Bneck(5, 960, 160, True, "hard_swish", 1),
            Bneck(5, 960, 160, True, "hard_swish", 1),
        ),
        1280,
    ),
    "mobilenet_v3_small": Variant(
        (
            Bneck(3, 16, 16, True, "relu", 2),
            Bneck(3, 72, 24, False, "relu", 2),
            Bneck(3, 88, 24, False, "relu", 1),
            Bneck(5, 96, 40, True, "hard_swish", 2),
            Bneck(5, 240, 40, True, "hard_swish", 1),
            Bneck(5, 240, 40, True, "hard_swish", 1),
            Bneck(5, 120, 48, True, "hard_swish", 1),
            Bneck(5, 144, 48, True, "hard_swish", 1),
            Bneck(5, 288, 96, True, "hard_swish", 2),
            Bneck(5, 576, 96, True, "hard_swish", 1),
            Bneck(5, 576, 96, True, "hard_swish", 1),
        ),
        1024,
    ),
}


class MobileNetV3(Backbone):
    """The nets of tables 1 and 2.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        dialect = options.dialect
        inputs = Input(options.input_shape)
        padding = dialect.padding(3, strides=2)
        x = Conv2D(16, 3, 2, padding, use_bias=False, kernel_initializer=_KERNEL, name="conv")(
            options.entered(inputs)
        )
        x = Activation("hard_swish", name="conv_hard_swish")(dialect.norm(name="conv_bn")(x))
        stages, stage = {"stage1": x}, 1
        for number, block in enumerate(variant.rows):
            stage += block.strides - 1
            name = f"expanded_conv_{number}" if number else "expanded_conv"
            x = stages[f"stage{stage}"] = block(x, dialect=dialect, name=name)
        x = _conv_norm(x, 6 * x.shape[-1], dialect=dialect, name="conv_1")
        x = stages["stage6"] = Activation("hard_swish", name="conv_1_hard_swish")(x)
        super().__init__(inputs, _top(x, variant, options), stages=stages, name=options.name)


def _top(x: Any, variant: Variant, options: Options) -> Any:
    """The mean of each channel, and two 1 × 1 convolutions to the classes."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(keepdims=True, name="avg_pool")(x)
    x = Conv2D(variant.last, 1, kernel_initializer=_KERNEL, name="conv_2")(x)
    x = Activation("hard_swish", name="conv_2_hard_swish")(x)
    x = Dropout(_DROPPED, name="dropout")(x)
    x = Conv2D(options.classes, 1, kernel_initializer=_KERNEL, name="logits")(x)
    x = Flatten(name="flatten")(x)
    return Activation(options.classifier_activation, name="predictions")(x)


_DIALECTS = (
    replace(PAPER, epsilon=1e-3, momentum=0.99, symmetric=False),
    replace(KERAS, momentum=0.999),
    replace(TORCHVISION, epsilon=1e-3, momentum=0.99),
    TIMM,
)


def _made(name: str) -> Architecture:
    return Architecture(
        name, MobileNetV3, VARIANTS[name], dialects=_DIALECTS, takes_preprocessing=True
    )


mobilenet_v3_large = _made("mobilenet_v3_large")
mobilenet_v3_small = _made("mobilenet_v3_small")
