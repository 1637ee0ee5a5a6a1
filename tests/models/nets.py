"""Nets that several tests of models use."""

import torch

import striate
from striate import layers


def small(**names):
    """A convnet for pictures of any size, with moving statistics."""
    x = inputs = striate.Input((None, None, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name=names.get("first"))(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return striate.Model(inputs, layers.Dense(2, "softmax", name=names.get("last"))(x))


def twins():
    """Two inputs, one shared layer, outputs by name."""
    left, right = striate.Input((8, 8, 3), name="left"), striate.Input((8, 8, 3), name="right")
    shared = layers.Conv2D(4, 3, name="shared")
    pool = layers.GlobalAveragePooling2D()
    a, b = pool(shared(left)), pool(shared(right))
    same = layers.Dense(1, "sigmoid", name="same")(layers.Concatenate()([a, b]))
    return striate.Model({"left": left, "right": right}, {"same": same, "code": a})


class ResidualUnit(layers.Layer):
    """Géron's, as chapter 14 writes it: lists of layers."""

    def __init__(self, filters, strides=1, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.activation = striate.activations.get(activation)
        self.main_layers = [
            layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False),
            layers.BatchNormalization(),
            self.activation if isinstance(self.activation, layers.Layer) else layers.ReLU(),
            layers.Conv2D(filters, 3, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
        ]
        self.skip_layers = []
        if strides > 1:
            self.skip_layers = [
                layers.Conv2D(filters, 1, strides=strides, padding="same", use_bias=False),
                layers.BatchNormalization(),
            ]

    def call(self, inputs):
        z = inputs
        for layer in self.main_layers:
            z = layer(z)
        skip_z = inputs
        for layer in self.skip_layers:
            skip_z = layer(skip_z)
        return self.activation(z + skip_z)


def pictures(n=2, side=8):
    return torch.rand(n, side, side, 3)
