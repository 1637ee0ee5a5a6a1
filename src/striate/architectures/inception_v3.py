"""Inception v3: "Rethinking the Inception Architecture for Computer Vision", 2015, 1512.00567.

By Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens and Zbigniew Wojna.

Wide windows become several small ones that see as far for less: two 3 × 3 for a 5 × 5, and 1 × 7
after 7 × 1 for a 7 × 7. Where the map becomes smaller a strided convolution and a pooling stand
beside each other, so that nothing is squeezed through too few channels. Each convolution is
normalised, and so is the one auxiliary classifier, which training alone has.

stage    output            layers
conv1    149 × 149 ×   32  3 × 3, stride 2, without a border
conv2    147 × 147 ×   32  3 × 3, without a border
conv3    147 × 147 ×   64  3 × 3; then 3 × 3 max pooling, stride 2
conv4     73 ×  73 ×   80  1 × 1
conv5     71 ×  71 ×  192  3 × 3, without a border; then 3 × 3 max pooling, stride 2
mixed0    35 ×  35 ×  256  figure 5; mixed1 and mixed2: 288
mixed3    17 ×  17 ×  768  figure 10
mixed4    17 ×  17 ×  768  figure 6 with 128 channels; mixed5, mixed6: 160; mixed7: 192
mixed8     8 ×   8 × 1280  figure 10 with 7 × 1
mixed9     8 ×   8 × 2048  figure 7; mixed10 alike
parameters      23,817,352, the classifier beside it 3,325,800; of torchvision 27,161,264 with it
multiply-adds   5.71 billion

Differs from the paper: its table 1 has three 3 × 3 convolutions in the place of conv4 and conv5;
the layers here, and the widths that the paper leaves out, are those of its authors' code, as of all
the versions in use. That code's normalisation has no scale, and its classifiers drop a fifth.
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
    Dropout,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroPadding2D,
)
from ..layers.dialect import KERAS, PAPER, TIMM, TORCHVISION, Dialect
from ..layers.initializers import TruncatedNormal
from ..models import Backbone, Input
from ..models.backbone import pooled
from .registry import Architecture, Options

__all__ = ["Branch", "Inception", "InceptionV3", "Writing", "figure_5", "figure_6", "inception_v3"]

AUXILIARY_FACTOR = 0.4  # of its loss, in the authors' code

Window = tuple[int, int, int]  # filters, height, width


@dataclass(frozen=True)
class Writing:
    """How a source writes this net; called, its convolution with norm and relu.

    Args:
        dialect: its numbers.
        is_scaled: whether the normalisation has a scale.
        counts_border: whether a mean of 3 × 3 at the border counts the zeros behind it.
        has_auxiliary: whether there is a classifier beside the net.
        dropped: part of the last numbers that training leaves out.
    """

    dialect: Dialect
    is_scaled: bool = False
    counts_border: bool = False
    has_auxiliary: bool = False
    dropped: float = 0.0

    def __call__(
        self, x: Any, window: Window, *, strides: int = 1, bordered: bool = True, name: str
    ) -> Any:
        """The map. A strided convolution has no border."""
        x = Conv2D(
            window[0],
            window[1:],
            strides,
            "same" if bordered and strides == 1 else "valid",
            use_bias=False,
            kernel_initializer=TruncatedNormal(stddev=0.1),
            name=f"{name}_conv",
        )(x)
        x = self.dialect.norm(name=f"{name}_bn", scale=self.is_scaled)(x)
        return Activation("relu", name=f"{name}_relu")(x)


WRITINGS = {
    "paper": Writing(replace(PAPER, epsilon=1e-3), has_auxiliary=True, dropped=0.2),
    "keras": Writing(KERAS),
    "torchvision": Writing(replace(TORCHVISION, epsilon=1e-3), True, True, True, 0.5),
    "timm": Writing(replace(TIMM, epsilon=1e-3), is_scaled=True, counts_border=True),
}


@dataclass(frozen=True)
class Branch:
    """Convolutions one after the other.

    Args:
        name: of the branch.
        windows: of each.
        beside: windows of the last ones, which stand beside each other.
    """

    name: str
    windows: tuple[Window, ...]
    beside: tuple[Window, ...] = ()

    def __call__(self, x: Any, *, strides: int, conv: Writing, name: str) -> Any:
        """The branch's map; the last convolution strides."""
        name, length = f"{name}_{self.name}", len(self.windows)
        for number, window in enumerate(self.windows, 1):
            full = name if length == 1 and not self.beside else f"{name}_{number}"
            x = conv(x, window, strides=strides if number == length else 1, name=full)
        if not self.beside:
            return x
        ends = zip("ab", self.beside, strict=True)
        found = [conv(x, window, name=f"{name}_{length + 1}{end}") for end, window in ends]
        return Concatenate(name=f"{name}_concat")(found)


@dataclass(frozen=True)
class Inception:
    """Branches on one map, joined.

    Args:
        branches: of convolutions.
        pool: filters after a mean of 3 × 3; 0 where the module halves the map, and takes the
            largest of 3 × 3.
    """

    branches: tuple[Branch, ...]
    pool: int = 0

    def __call__(self, x: Any, *, conv: Writing, name: str) -> Any:
        """The joined maps."""
        strides = 1 if self.pool else 2
        found = [branch(x, strides=strides, conv=conv, name=name) for branch in self.branches]
        if self.pool:
            padding, inside = "same", x
            if conv.counts_border:
                padding, inside = "valid", ZeroPadding2D(1, name=f"{name}_pad")(x)
            means = AveragePooling2D(3, 1, padding, name=f"{name}_pool")(inside)
            found.append(conv(means, (self.pool, 1, 1), name=f"{name}_branch_pool"))
        else:
            found.append(MaxPooling2D(3, 2, name=f"{name}_pool")(x))
        return Concatenate(name=name)(found)


_DOUBLE = Branch("branch3x3dbl", ((64, 1, 1), (96, 3, 3), (96, 3, 3)))
_SEVEN = Branch("branch7x7x3", ((192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3)))
_BESIDE = ((384, 1, 3), (384, 3, 1))
_THREE = Branch("branch3x3", ((384, 1, 1),), _BESIDE)
_WIDE = Branch("branch3x3dbl", ((448, 1, 1), (384, 3, 3)), _BESIDE)

FIGURE_7 = Inception((Branch("branch1x1", ((320, 1, 1),)), _THREE, _WIDE), 192)
FIGURE_10 = Inception((Branch("branch3x3", ((384, 3, 3),)), _DOUBLE))
FIGURE_10_WITH_7 = Inception((Branch("branch3x3", ((192, 1, 1), (320, 3, 3))), _SEVEN))


def figure_5(pool: int) -> Inception:
    """5 × 5, and twice 3 × 3."""
    one = Branch("branch1x1", ((64, 1, 1),))
    return Inception((one, Branch("branch5x5", ((48, 1, 1), (64, 5, 5))), _DOUBLE), pool)


def figure_6(c: int) -> Inception:
    """7 × 7, and twice 7 × 7, of c channels."""
    one = Branch("branch1x1", ((192, 1, 1),))
    seven = Branch("branch7x7", ((c, 1, 1), (c, 1, 7), (192, 7, 1)))
    twice = ((c, 1, 1), (c, 7, 1), (c, 1, 7), (c, 7, 1), (192, 1, 7))
    return Inception((one, seven, Branch("branch7x7dbl", twice)), 192)


VARIANTS = {
    "inception_v3": (
        *(figure_5(pool) for pool in (32, 64, 64)),
        FIGURE_10,
        *(figure_6(channels) for channels in (128, 160, 160, 192)),
        FIGURE_10_WITH_7,
        FIGURE_7,
        FIGURE_7,
    )
}


class InceptionV3(Backbone):
    """The net of table 1.

    Args:
        variant: its modules.
        options: of the user.
    """

    def __init__(self, variant: tuple[Inception, ...], options: Options) -> None:
        conv = WRITINGS[options.dialect.name]
        inputs = Input(options.input_shape)
        x = conv(inputs, (32, 3, 3), strides=2, name="conv1")
        x = conv(x, (32, 3, 3), bordered=False, name="conv2")
        x = conv(x, (64, 3, 3), name="conv3")
        stages, early = {"conv3": x}, {}
        x = MaxPooling2D(3, 2, name="pool1")(x)
        x = conv(x, (80, 1, 1), name="conv4")
        x = stages["conv5"] = conv(x, (192, 3, 3), bordered=False, name="conv5")
        x = MaxPooling2D(3, 2, name="pool2")(x)
        for number, module in enumerate(variant):
            x = module(x, conv=conv, name=f"mixed{number}")
            if number in (2, 7, 10):  # the last of their size
                stages[f"mixed{number}"] = x
        if options.include_top and conv.has_auxiliary:
            early["aux"] = (_beside(stages["mixed7"], options, conv), AUXILIARY_FACTOR)
        top = _top(x, options, conv)
        super().__init__(inputs, top, stages=stages, name=options.name, auxiliary=early)


def _top(x: Any, options: Options, writing: Writing) -> Any:
    """The mean of each channel, and a dense layer."""
    if not options.include_top:
        return pooled(x, options.pooling)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    if writing.dropped:
        x = Dropout(writing.dropped, name="dropout")(x)
    return Dense(options.classes, options.classifier_activation, name="predictions")(x)


def _beside(x: Any, options: Options, conv: Writing) -> Any:
    """What an inner map says of the classes: figure 8. Windows shrink to fit small pictures."""
    h, w = (min(5, side or 5) for side in x.shape[1:3])
    x = conv(AveragePooling2D((h, w), 3, name="aux_pool")(x), (128, 1, 1), name="aux_1")
    h, w = (min(5, side or 5) for side in x.shape[1:3])
    x = conv(x, (768, h, w), bordered=False, name="aux_2")
    x = GlobalAveragePooling2D(name="aux_avg_pool")(x)
    first, activation = TruncatedNormal(stddev=0.001), options.classifier_activation
    return Dense(options.classes, activation, kernel_initializer=first, name="aux_predictions")(x)


inception_v3 = Architecture(
    "inception_v3",
    InceptionV3,
    VARIANTS["inception_v3"],
    input_shape=(299, 299, 3),
    dialects=tuple(each.dialect for each in WRITINGS.values()),
    least_px=75,
)
