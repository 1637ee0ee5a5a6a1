"""AlexNet: Krizhevsky, Sutskever & Hinton, NIPS 2012; of one tower: Krizhevsky, 2014, 1404.5997.

"ImageNet Classification with Deep Convolutional Neural Networks", and "One weird trick for
parallelizing convolutional neural networks".

The first large convnet that was trained on graphics cards: relus, dropout, pooling windows that
overlap, and a normalisation across neighbouring maps. Two cards held half of the maps each, so
conv2, conv4 and conv5 see only the half of their own card: two groups. The later form has a single
tower, fewer filters at its beginning and no normalisation.

stage   output           two groups                 one tower
conv1   55 × 55 ×  96    11 × 11, stride 4, LRN     64 filters
        27 × 27          max-pool 3 × 3, stride 2   the same
conv2   27 × 27 × 256    5 × 5, 2 groups, LRN       192 filters
        13 × 13          max-pool 3 × 3, stride 2   the same
conv3   13 × 13 × 384    3 × 3                      the same
conv4   13 × 13 × 384    3 × 3, 2 groups            256 filters
conv5   13 × 13 × 256    3 × 3, 2 groups            256 filters
         6 ×  6          max-pool 3 × 3, stride 2   the same
dense   4096, 4096, 1000
parameters, millions     60.97                      61.10
multiply-adds, billions   0.72                       0.71

Differs from the paper: pictures of 227 pixels. The paper writes 224, of which 55 windows of 11
with stride 4 need three more; the net of one tower has a border of 2 around 224. That one is
torchvision's, but for the first numbers, which are the paper's; 1404.5997 has 384 in conv4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..layers import (
    AdaptiveAveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    LocalResponseNormalization,
    MaxPooling2D,
)
from ..layers.dialect import PAPER, TORCHVISION
from ..layers.initializers import RandomNormal
from ..models import Backbone, Input
from ..models.backbone import flattened, pooled
from .registry import Architecture, Options

__all__ = ["AlexNet", "Convolution", "Variant", "alexnet", "alexnet_one_tower"]

_KERNEL = RandomNormal(stddev=0.01)
_UNITS = 4096


@dataclass(frozen=True)
class Convolution:
    """A row of the table.

    Args:
        filters: of the convolution.
        kernel_size: height and width of its window.
        bias: of each map at first: 1 keeps a relu awake in the first steps.
        groups: into which channels and filters are cut.
    """

    filters: int
    kernel_size: int
    bias: str = "zeros"
    groups: int = 1

    def __call__(self, x: Any, *, strides: int = 1, padding: Any = "same", name: str) -> Any:
        """The map."""
        return Conv2D(
            self.filters,
            self.kernel_size,
            strides,
            padding,
            groups=self.groups,
            activation="relu",
            kernel_initializer=_KERNEL,
            bias_initializer=self.bias,
            name=name,
        )(x)


@dataclass(frozen=True)
class Variant:
    """A column of the table.

    Args:
        convolutions: five.
        is_normed: whether the first two maps are normalised across channels.
        border_px: around the picture.
    """

    convolutions: tuple[Convolution, ...]
    is_normed: bool
    border_px: int


VARIANTS = {
    "alexnet": Variant(
        (
            Convolution(96, 11),
            Convolution(256, 5, "ones", groups=2),
            Convolution(384, 3),
            Convolution(384, 3, "ones", groups=2),
            Convolution(256, 3, "ones", groups=2),
        ),
        is_normed=True,
        border_px=0,
    ),
    "alexnet_one_tower": Variant(
        (
            Convolution(64, 11),
            Convolution(192, 5, "ones"),
            Convolution(384, 3),
            Convolution(256, 3, "ones"),
            Convolution(256, 3, "ones"),
        ),
        is_normed=False,
        border_px=2,
    ),
}


class AlexNet(Backbone):
    """The two nets of the table.

    Args:
        variant: of them.
        options: of the user.
    """

    def __init__(self, variant: Variant, options: Options) -> None:
        inputs = Input(options.input_shape)
        one, two, *others = variant.convolutions
        stages = {}
        x = one(inputs, strides=4, padding=variant.border_px, name="conv1")
        x = stages["conv1"] = _halved(x, variant, "1")
        x = stages["conv2"] = _halved(two(x, name="conv2"), variant, "2")
        for number, convolution in enumerate(others, 3):
            x = convolution(x, name=f"conv{number}")
        x = stages["conv5"] = MaxPooling2D(3, 2, name="pool5")(x)
        super().__init__(inputs, _top(x, options), stages=stages, name=options.name)


def _halved(x: Any, variant: Variant, number: str) -> Any:
    """The map, normalised across five neighbouring channels, and pooled."""
    if variant.is_normed:
        x = LocalResponseNormalization(2, 2.0, alpha=1e-4, beta=0.75, name=f"norm{number}")(x)
    return MaxPooling2D(3, 2, name=f"pool{number}")(x)


def _top(x: Any, options: Options) -> Any:
    """Three dense layers. torchvision thins what enters the first two, the paper what leaves."""
    if not options.include_top:
        return pooled(x, options.pooling)
    dialect = options.dialect
    thins_before = dialect.name == "torchvision"
    if thins_before:
        x = AdaptiveAveragePooling2D(6, name="avg_pool")(x)
    x = flattened(x, channels_first=dialect.channels_first)
    for name in ("fc6", "fc7"):
        if thins_before:
            x = Dropout(0.5, name=f"{name}_dropout")(x)
        x = _dense(_UNITS, "relu", "ones", name)(x)
        if not thins_before:
            x = Dropout(0.5, name=f"{name}_dropout")(x)
    return _dense(options.classes, options.classifier_activation, "zeros", "predictions")(x)


def _dense(units: int, activation: str | None, bias: str, name: str) -> Dense:
    return Dense(units, activation, kernel_initializer=_KERNEL, bias_initializer=bias, name=name)


alexnet = Architecture(
    "alexnet", AlexNet, VARIANTS["alexnet"], input_shape=(227, 227, 3), least_px=67
)
alexnet_one_tower = Architecture(
    "alexnet_one_tower",
    AlexNet,
    VARIANTS["alexnet_one_tower"],
    dialects=(PAPER, TORCHVISION),
    least_px=63,
)
