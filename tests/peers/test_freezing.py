"""Frozen fit, unfreeze, fit: after each phase the weights and statistics are Keras'."""

import keras
import numpy as np
import pytest

import striate
from striate import layers, optimizers

pytestmark = pytest.mark.peers

SIDE, CLASSES = 8, 3
LOSS = "sparse_categorical_crossentropy"


def base(house, kit):
    x = inputs = house.Input(shape=(SIDE, SIDE, 3))
    for number, filters in enumerate((4, 6)):
        x = kit.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{number}")(x)
        x = kit.BatchNormalization(momentum=0.8, name=f"norm{number}")(x)
        x = kit.Activation("relu", name=f"relu{number}")(x)
    return house.Model(inputs, x, name="base")


def joined(house, kit):
    """The layers of the base and the head in one model, as in the book."""
    below = base(house, kit)
    x = kit.GlobalAveragePooling2D()(below.output)
    return below, house.Model(below.input, kit.Dense(CLASSES, activation="softmax")(x))


def nested(house, kit):
    """The base as one layer of the model."""
    below, inputs = base(house, kit), house.Input(shape=(SIDE, SIDE, 3))
    x = kit.GlobalAveragePooling2D()(below(inputs))
    return below, house.Model(inputs, kit.Dense(CLASSES, activation="softmax")(x))


class Guided(keras.Model):
    """The net of Keras' guide as a subclass: a functional Keras 3 forgets `training=False`."""

    def __init__(self):
        super().__init__()
        self.base = base(keras, keras.layers)
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.head = keras.layers.Dense(CLASSES, activation="softmax")

    def call(self, x):
        return self.head(self.pool(self.base(x, training=False)))


def kept_in_inference(house, kit):
    """The base as one layer that always infers, as in Keras' guide."""
    if house is keras:
        model = Guided()
        model(np.zeros((1, SIDE, SIDE, 3), "f4"))
        return model.base, model
    below, inputs = base(house, kit), house.Input(shape=(SIDE, SIDE, 3))
    x = kit.GlobalAveragePooling2D()(below(inputs, training=False))
    return below, house.Model(inputs, kit.Dense(CLASSES, activation="softmax")(x))


def chained(house, kit):
    """The base as the first layer of a Sequential."""
    below = base(house, kit)
    rest = [kit.GlobalAveragePooling2D(), kit.Dense(CLASSES, activation="softmax")]
    return below, house.Sequential([below, *rest])


def layer_by_layer(below, trainable):
    for layer in below.layers:
        layer.trainable = trainable


def at_once(below, trainable):
    below.trainable = trainable


def the_norms_alone(below, trainable):
    for layer in below.layers:
        if "norm" in layer.name:
            layer.trainable = trainable


def pictures():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, CLASSES, 40)
    return (rng.random((40, SIDE, SIDE, 3)) + labels[:, None, None, None]).astype("f4"), labels


def require_equal(ours, theirs, phase):
    for number, (a, b) in enumerate(zip(ours.get_weights(), theirs.get_weights(), strict=True)):
        assert np.abs(a - b).max() < 1e-5, (phase, number)


def counts(model):
    of = [model.trainable_weights, model.non_trainable_weights]
    return [(len(each), sum(int(np.prod(w.shape)) for w in each)) for each in of]


@pytest.mark.parametrize("freeze", [layer_by_layer, at_once, the_norms_alone])
@pytest.mark.parametrize("build", [joined, nested, kept_in_inference, chained])
def test_each_phase_leaves_the_weights_that_keras_leaves(build, freeze):
    sides = [
        (*build(striate, layers), optimizers.SGD),
        (*build(keras, keras.layers), keras.optimizers.SGD),
    ]
    (_, ours, _), (_, theirs, _) = sides
    rng = np.random.default_rng(3)
    start = [w + 0.05 * rng.random(w.shape) for w in ours.get_weights()]
    for _, model, _ in sides:
        model.set_weights(start)
    x, y = pictures()
    phases = {
        "frozen": (False, 0.05, 2),
        "unfrozen": (True, 0.02, 2),
        "frozen again": (False, 0.05, 1),
    }
    for phase, (trainable, rate, epochs) in phases.items():
        for below, model, sgd in sides:
            freeze(below, trainable)
            model.compile(sgd(rate, momentum=0.9, weight_decay=0.01), loss=LOSS)
            model.fit(x, y, epochs=epochs, batch_size=8, shuffle=False, verbose=0)
        assert counts(ours) == counts(theirs), phase
        require_equal(ours, theirs, phase)
        assert ours.evaluate(x, y, verbose=0) == pytest.approx(
            theirs.evaluate(x, y, verbose=0), 1e-4
        )
