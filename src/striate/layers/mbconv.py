"""MBConv: the block of EfficientNet, and of the later stages of EfficientNetV2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from .activation import Activation
from .conv import Conv2D
from .depthwise import DepthwiseConv2D
from .dialect import Dialect
from .global_pooling import GlobalAveragePooling2D
from .initializers import VarianceScaling
from .merging import Add, Multiply
from .stochastic_depth import StochasticDepth

__all__ = ["KERNEL", "MBConv", "linear", "plus_input"]

KERNEL = VarianceScaling(2.0, "fan_out", "untruncated_normal")
"""How the authors draw the kernels of both nets."""


@dataclass(frozen=True)
class MBConv:
    """1 × 1 to more channels, k × k in each of them, their weighing, and 1 × 1 to few.

    Args:
        expansion: how many times the channels of the input are between.
        filters: of the output.
        strides: of the windows, in pixels.
        kernel: side of the windows, in pixels.
        activation: by name.
        squeezes: whether the channels are weighed.
        windows: what the convolution of the windows is called.

    Example:
        >>> import striate
        >>> from striate.layers.dialect import KERAS
        >>> block = MBConv(expansion=6, filters=24, strides=2)
        >>> block(striate.Input((32, 32, 16)), dialect=KERAS, name="block1a").shape
        (None, 16, 16, 24)

    Reference:
        Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        ICML 2019, arXiv 1905.11946, section 4.
    """

    expansion: int
    filters: int
    strides: int = 1
    kernel: int = 3
    activation: str = "silu"
    squeezes: bool = True
    windows: str = "dwconv"

    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any:
        """The map of so many filters, without a shortcut."""
        channels = x.shape[-1]
        if self.expansion > 1:
            x = linear(x, self.expansion * channels, 1, dialect=dialect, name=f"{name}_expand")
            x = Activation(self.activation, name=f"{name}_expand_activation")(x)
        x = DepthwiseConv2D(
            self.kernel,
            self.strides,
            dialect.padding(self.kernel, strides=self.strides),
            use_bias=False,
            depthwise_initializer=KERNEL,
            name=f"{name}_{self.windows}",
        )(x)
        x = dialect.norm(name=f"{name}_bn")(x)
        x = Activation(self.activation, name=f"{name}_activation")(x)
        if self.squeezes:
            x = _weighed(x, channels // 4, activation=self.activation, name=f"{name}_se")
        return linear(x, self.filters, 1, dialect=dialect, name=f"{name}_project")


def _weighed(x: Any, units: int, *, activation: str, name: str) -> Any:
    """Each channel times a number between 0 and 1, by what so many units make of all means."""
    gate = GlobalAveragePooling2D(keepdims=True, name=f"{name}_squeeze")(x)
    for filters, active, part in (
        (units, activation, "reduce"),
        (x.shape[-1], "sigmoid", "expand"),
    ):
        gate = Conv2D(
            filters, 1, activation=active, kernel_initializer=KERNEL, name=f"{name}_{part}"
        )(gate)
    return Multiply(name=f"{name}_excite")([x, gate])


def linear(
    x: Any, filters: int, kernel: int, *, strides: int = 1, dialect: Dialect, name: str
) -> Any:
    """A convolution and its norm, without an activation: <name>_conv and <name>_bn.

    Args:
        x: (n, h, w, c), symbolic.
        filters, kernel, strides: of the convolution.
        dialect: in which they are written.
        name: of both.
    """
    return dialect.conv_norm(
        x,
        filters,
        kernel,
        strides=strides,
        activation=None,
        kernel_initializer=KERNEL,
        name=name,
    )


class _Block(Protocol):
    @property
    def filters(self) -> int: ...
    @property
    def strides(self) -> int: ...
    def __call__(self, x: Any, *, dialect: Dialect, name: str) -> Any: ...


def plus_input(x: Any, block: _Block, *, left_out: float, dialect: Dialect, name: str) -> Any:
    """block(x), plus x where it fits; in training, block(x) is left out for some samples.

    Args:
        x: (n, h, w, c), symbolic.
        block: an `MBConv`, or another with filters and strides.
        left_out: part of the samples, 0..1.
        dialect: in which the block is written.
        name: of the block.
    """
    y = block(x, dialect=dialect, name=name)
    if block.strides > 1 or x.shape[-1] != block.filters:
        return y
    if left_out:
        y = StochasticDepth(left_out, name=f"{name}_drop")(y)
    return Add(name=f"{name}_add")([y, x])
