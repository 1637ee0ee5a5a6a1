"""Small nets of the usual kinds, whose steps are measured to know how far predictions carry."""

from __future__ import annotations

from typing import Any

from ... import layers
from ..inputs import Input
from ..model import Model
from ..network import Network
from ..sequential import Sequential

__all__ = ["reference_nets"]


def reference_nets() -> list[tuple[Network, int]]:
    """Nets, each with the samples of its step.

    Example:
        >>> [net.name for net, _ in reference_nets()]
        ['book_net', 'residual_net', 'depthwise_net', 'wide_net']
    """
    return [(_book_net(), 64), (_residual_net(), 16), (_depthwise_net(), 8), (_wide_net(), 4)]


def _book_net() -> Sequential:
    """Chollet's for handwritten digits."""
    return Sequential(
        [
            layers.Conv2D(32, 3, activation="relu", input_shape=(28, 28, 1)),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ],
        name="book_net",
    )


def _residual_net() -> Model:
    given = Input((64, 64, 3))
    x = _normed(given, layers.Conv2D(32, 7, strides=2, padding="same", use_bias=False))
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for filters, strides in ((32, 1), (64, 2), (128, 2)):
        short = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        x = _normed(x, layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False))
        x = _normed(x, layers.Conv2D(filters, 3, padding="same", use_bias=False))
        x = layers.ReLU()(layers.Add()([x, short]))
    x = layers.GlobalAveragePooling2D()(x)
    return Model(given, layers.Dense(100, activation="softmax")(x), name="residual_net")


def _depthwise_net() -> Model:
    given = Input((96, 96, 3))
    x = _normed(given, layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False))
    for filters, strides in ((24, 2), (40, 2), (40, 1), (80, 2)):
        y = _normed(x, layers.Conv2D(4 * x.shape[-1], 1, use_bias=False))
        window = layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)
        y = layers.Conv2D(filters, 1, use_bias=False)(_normed(y, window))
        y = layers.BatchNormalization()(y)
        x = layers.Add()([x, y]) if x.shape == y.shape else y
    x = layers.GlobalAveragePooling2D()(_normed(x, layers.Conv2D(320, 1, use_bias=False)))
    return Model(given, layers.Dense(100, activation="softmax")(x), name="depthwise_net")


def _wide_net() -> Model:
    """Of maps and weights that no cache holds."""
    given = Input((128, 128, 3))
    x = _normed(given, layers.Conv2D(64, 3, strides=2, padding="same", use_bias=False))
    for filters in (128, 256, 512):
        short = layers.Conv2D(filters, 1, strides=2, use_bias=False)(x)
        x = _normed(x, layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        x = _normed(x, layers.Conv2D(filters, 3, padding="same", use_bias=False))
        x = layers.ReLU()(layers.Add()([x, short]))
    x = layers.GlobalAveragePooling2D()(x)
    return Model(given, layers.Dense(1000, activation="softmax")(x), name="wide_net")


def _normed(x: Any, layer: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(layer(x)))
