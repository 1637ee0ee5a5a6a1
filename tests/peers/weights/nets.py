"""Nets as people write them, the same code here and in Keras; random numbers for Keras'."""

import h5py
import keras
import numpy as np
import torch
from tests.architectures.moving import apart

SIDE = 12


def book(house, kit):
    """Chollet's first convnet."""
    return house.Sequential(
        [
            house.Input(shape=(SIDE, SIDE, 3)),
            kit.Conv2D(4, 3, activation="relu"),
            kit.MaxPooling2D(2),
            kit.Conv2D(6, 3, activation="relu"),
            kit.Dropout(0.5),
            kit.Flatten(),
            kit.Dense(8, activation="relu"),
            kit.Dense(3, activation="softmax"),
        ]
    )


def kinds(house, kit):
    """Every kind of layer with weights, one with a name of its own."""
    x = inputs = house.Input(shape=(SIDE, SIDE, 3))
    x = kit.Conv2D(4, 3, use_bias=False)(x)
    x = kit.BatchNormalization()(x)
    x = kit.SeparableConv2D(6, 3, padding="same", name="separable")(x)
    x = kit.BatchNormalization(scale=False)(x)
    x = kit.DepthwiseConv2D(3, padding="same")(x)
    x = kit.GroupNormalization(2)(x)
    x = kit.Conv2DTranspose(4, 2, strides=2)(x)
    x = kit.LayerNormalization()(x)
    x = kit.Normalization()(x)
    x = kit.GlobalAveragePooling2D()(x)
    return house.Model(inputs, kit.Dense(3)(x))


def branches(house, kit):
    """Two ways of different length and layers of one shape, which Keras lists in another order."""
    x = inputs = house.Input(shape=(SIDE, SIDE, 3))
    short = kit.Conv2D(3, 3, padding="same")(x)
    x = kit.Conv2D(3, 3, padding="same")(x)
    x = kit.Activation("relu")(x)
    x = kit.Conv2D(3, 3, padding="same")(x)
    x = kit.Add()([x, short])
    x = kit.Conv2D(3, 3, padding="same")(x)
    return house.Model(inputs, kit.Dense(2)(kit.GlobalAveragePooling2D()(x)))


def nested(house, kit):
    """A net within a net, and another at its end."""
    x = below = house.Input(shape=(SIDE, SIDE, 4))
    x = kit.BatchNormalization()(kit.Conv2D(5, 3)(x))
    base = house.Model(below, kit.Conv2D(5, 3, name="end")(x), name="base")
    inputs = house.Input(shape=(SIDE, SIDE, 3))
    x = kit.GlobalAveragePooling2D()(base(kit.Conv2D(4, 1)(inputs)))
    head = house.Sequential([house.Input(shape=(5,)), kit.Dense(4), kit.Dense(2)])
    return house.Model(inputs, head(x))


def shared(house, kit):
    """One layer, called twice."""
    twice = kit.Conv2D(3, 3, padding="same")
    inputs = house.Input(shape=(SIDE, SIDE, 3))
    x = twice(kit.Conv2D(3, 3, padding="same")(twice(inputs)))
    return house.Model(inputs, kit.Dense(2)(kit.GlobalAveragePooling2D()(x)))


def made_first(house, kit):
    """The layers are made in another order than they are called in; only the shapes tell."""
    last, first = kit.Conv2D(3, 3), kit.Conv2D(5, 3)
    inputs = house.Input(shape=(SIDE, SIDE, 3))
    x = kit.GlobalAveragePooling2D()(last(first(inputs)))
    return house.Model(inputs, kit.Dense(2)(x))


def randomise_keras(net, seed=0):
    """Fills a net of Keras with numbers that keep its maps in range."""
    draw = np.random.RandomState(seed)
    for layer in net._flatten_layers(include_self=False):
        if layer.weights and not isinstance(layer, keras.Model):
            layer.set_weights([_numbers(draw, weight) for weight in layer.weights])
    return net


def _numbers(draw, weight):
    shape, name = tuple(weight.shape), weight.name
    if name == "count":
        return np.array(5)
    if name in ("variance", "moving_variance", "gamma"):
        return draw.uniform(0.5, 1.5, shape)
    if len(shape) < 2:
        return draw.uniform(-0.1, 0.1, shape)
    fan_in = np.prod(shape[:2] if name == "depthwise_kernel" else shape[:-1])
    return draw.standard_normal(shape) * (2 / fan_in) ** 0.5


def saved(net, path):
    """The file of a Keras net, in the format that its ending says; "old" has no names of layers."""
    is_old = path.name.endswith("old.weights.h5")
    (net.save_weights if path.name.endswith(".weights.h5") else net.save)(path)
    if is_old:
        with h5py.File(path, "a") as file:
            file.visititems(lambda _, found: found.attrs.clear())
    return path


def difference(ours, theirs, x):
    """Of the outputs, relative to the largest."""
    with torch.no_grad():
        said = ours(torch.from_numpy(x)).numpy()
    return apart(said, keras.ops.convert_to_numpy(theirs(x, training=False)))
