"""How a net is written where its paper leaves room: by the paper, Keras, torchvision or timm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .activation import Activation, LeakyReLU
from .conv import Conv2D
from .normalization import BatchNormalization

__all__ = ["KERAS", "PAPER", "TIMM", "TORCHVISION", "Dialect"]


@dataclass(frozen=True)
class Dialect:
    """The choices in which well-known versions of one net differ.

    An architecture takes the one of four that is asked for, with the numbers that this source has
    for this net: `replace(KERAS, epsilon=1.001e-5)`.

    Args:
        name: "paper", "keras", "torchvision" or "timm".
        epsilon, momentum: of batch normalisation.
        symmetric: whether the border of a strided window is alike on both sides; else it is
            Keras' "same", which puts the odd pixel right and below.
        conv_bias: whether a convolution before a normalisation has a bias.
        late_stride: whether a bottleneck strides in its 3 × 3 convolution; else in its first.
        channels_first: whether the numbers before a dense layer are flattened channel by channel.
        leak: slope of a leaky ReLU below 0.

    Example:
        >>> TORCHVISION.padding(7, strides=2), KERAS.padding(7, strides=2)
        (3, 'same')
    """

    name: str
    epsilon: float = 1e-5
    momentum: float = 0.9
    symmetric: bool = True
    conv_bias: bool = False
    late_stride: bool = True
    channels_first: bool = False
    leak: float = 0.1

    def padding(self, kernel: int, *, strides: int = 1) -> Any:
        """What keeps a map's size, or divides it by the stride: "same", or pixels on each side.

        Args:
            kernel: side of the window, odd.
            strides: of the window.
        """
        return kernel // 2 if self.symmetric and strides > 1 else "same"

    def norm(self, name: str | None = None, **options: Any) -> BatchNormalization:
        """The normalisation of a map's channels.

        Args:
            name: of the layer.
            options: of `BatchNormalization`, beside momentum and epsilon.
        """
        return BatchNormalization(
            momentum=self.momentum, epsilon=self.epsilon, name=name, **options
        )

    def conv_norm(
        self,
        x: Any,
        filters: int,
        kernel_size: int,
        *,
        strides: int = 1,
        groups: int = 1,
        activation: str | None = "relu",
        name: str,
        ending: str = "_conv",
        kernel_initializer: Any = "he_normal",
    ) -> Any:
        """A convolution that keeps the size or divides it by the stride, its norm, its activation.

        Args:
            x: (n, h, w, c), symbolic.
            filters, kernel_size, strides, groups: of the convolution.
            activation: by name; None for none.
            name: of the three: the layers are <name>_conv, <name>_bn and <name>_<activation>.
            ending: of the convolution's name.
            kernel_initializer: of the convolution.
        """
        x = Conv2D(
            filters,
            kernel_size,
            strides=strides,
            padding=self.padding(kernel_size, strides=strides),
            groups=groups,
            use_bias=self.conv_bias,
            kernel_initializer=kernel_initializer,
            name=f"{name}{ending}",
        )(x)
        x = self.norm(name=f"{name}_bn")(x)
        return x if activation is None else self.active(x, activation, name=name)

    def shortcut(
        self, x: Any, filters: int, kernel_size: int = 1, *, strides: int, name: str
    ) -> Any:
        """What carries x past a residual block: x itself, or a convolution where it does not fit.

        Args:
            x: (n, h, w, c), symbolic.
            filters: of the block.
            kernel_size: of the convolution.
            strides: of the block.
            name: of the convolution and its norm.
        """
        if strides == 1 and x.shape[-1] == filters:
            return x
        return self.conv_norm(x, filters, kernel_size, strides=strides, activation=None, name=name)

    def active(self, x: Any, activation: str, *, name: str) -> Any:
        """An activation as a layer of its own, <name>_<activation>.

        Args:
            x: (n, h, w, c), symbolic.
            activation: by name.
            name: of what it ends.
        """
        name = f"{name}_{activation}"
        if activation == "leaky_relu":
            return LeakyReLU(self.leak, name=name)(x)
        return Activation(activation, name=name)(x)


PAPER = Dialect("paper", late_stride=False)
KERAS = Dialect("keras", epsilon=1e-3, momentum=0.99, symmetric=False, late_stride=False)
TORCHVISION = Dialect("torchvision", channels_first=True)
TIMM = Dialect("timm", channels_first=True)
