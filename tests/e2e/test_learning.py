"""Tiny trainings that must learn: real digits, in seconds."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

import striate
from striate import layers
from striate.train.callbacks import EarlyStopping, ModelCheckpoint


@pytest.fixture(scope="module")
def digits():
    """(x, y) to train on and (x, y) to test on, of the 1,797 digits of 8 x 8 pixels."""
    data = load_digits()
    x = (data.images / 16).astype("float32")[..., None]
    order = np.random.default_rng(0).permutation(len(x))
    x, y = x[order], data.target[order]
    return (x[:1400], y[:1400]), (x[1400:], y[1400:])


def convnet(norm=False):
    torch.manual_seed(0)
    x = inputs = striate.Input((8, 8, 1))
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=not norm)(x)
        x = layers.BatchNormalization(momentum=0.9)(x) if norm else x
        x = layers.MaxPooling2D(2)(layers.ReLU()(x))
    x = layers.Dropout(0.25)(layers.Flatten()(x))
    return striate.Model(inputs, layers.Dense(10, "softmax")(x))


@pytest.mark.parametrize("optimizer", ["rmsprop", "adam", "nadam"])
def test_digits_are_learnt(optimizer, digits):
    train, test = digits
    net = convnet()
    net.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = net.fit(*train, epochs=15, batch_size=32, seed=0, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] / 5
    accuracy = net.evaluate(*test, verbose=0)[1]
    assert accuracy > 0.95
    picked = net.predict(test[0]).argmax(axis=1)
    assert (picked == test[1]).mean() == pytest.approx(accuracy)


def test_a_convnet_beats_a_linear_classifier_that_sees_no_neighbourhoods(digits):
    (x, y), (xt, yt) = digits
    linear = LogisticRegression(max_iter=200).fit(x.reshape(len(x), -1), y)
    net = convnet(norm=True)
    net.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, epochs=15, batch_size=32, seed=0, verbose=0)
    accuracy = net.evaluate(xt, yt, verbose=0)[1]
    assert accuracy > max(0.97, linear.score(xt.reshape(len(xt), -1), yt))


def test_bfloat16_learns_as_well(digits):
    train, test = digits
    net = convnet(norm=True)
    net.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(*train, epochs=6, batch_size=32, seed=0, precision="bfloat16", verbose=0)
    assert net.evaluate(*test, verbose=0)[1] > 0.95


def test_the_whole_way_of_the_books(digits, tmp_path):
    """One-hot labels, a part for validation, the best model saved, loaded and asked."""
    (x, y), (xt, yt) = digits
    net = convnet(norm=True)
    net.compile("rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    told = [
        EarlyStopping("val_accuracy", patience=3, restore_best_weights=True),
        ModelCheckpoint(tmp_path / "best", "val_accuracy", save_best_only=True),
    ]
    history = net.fit(
        x,
        striate.utils.to_categorical(y),
        epochs=12,
        validation_split=0.2,
        callbacks=told,
        seed=0,
        verbose=0,
    ).history
    again = striate.load_model(tmp_path / "best")
    assert np.array_equal(again.predict(xt), net.predict(xt))
    assert (again.predict(xt).argmax(1) == yt).mean() > 0.95
    assert max(history["val_accuracy"]) > 0.95


def test_labels_that_mean_nothing_are_not_learnt(digits):
    """The scores above are of learning, and not of a leak: shuffled labels give chance."""
    (x, y), (xt, yt) = digits
    net = convnet()
    net.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, np.random.default_rng(1).permutation(y), epochs=4, seed=0, verbose=0)
    assert net.evaluate(xt, yt, verbose=0)[1] < 0.3
