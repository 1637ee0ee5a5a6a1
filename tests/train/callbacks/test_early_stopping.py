"""EarlyStopping ends the run in the epoch in which Keras' ends it."""

import math

import keras
import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import striate
from striate import layers
from striate.errors import ArgumentError
from striate.train.callbacks import Callback, EarlyStopping

VALUES = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.31, 0.5, 0.9, float("nan")]), min_size=1)


class Told:
    """As much of a model as the callbacks touch."""

    def __init__(self):
        self.stop_training = False


def stopped(callback, name, values):
    """The epoch after which a callback stops a run with these values, or None."""
    callback.set_model(Told())
    callback.on_train_begin({})
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {name: value})
        if callback.model.stop_training:
            return epoch
    return None


@given(
    values=VALUES,
    patience=st.integers(0, 3),
    min_delta=st.sampled_from([0.0, 0.05, 0.2]),
    start=st.integers(0, 3),
    name=st.sampled_from(["val_loss", "val_accuracy"]),
)
def test_it_stops_where_keras_stops(values, patience, min_delta, start, name):
    words = {"patience": patience, "min_delta": min_delta, "start_from_epoch": start}
    assume(len(values) <= start or not math.isnan(values[start]))  # that one Keras calls the best
    mode = "max" if "acc" in name else "min"
    theirs = keras.callbacks.EarlyStopping(name, mode=mode, **words)
    assert stopped(EarlyStopping(name, **words), name, values) == stopped(theirs, name, values)


class Scripted(Callback):
    """Puts chosen values in the logs, and keeps the weights of each epoch."""

    def __init__(self, values):
        self.values, self.weights = values, []

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.values[epoch]
        self.weights.append(self.model.get_weights())


def run(values, **words):
    torch.manual_seed(0)
    net = striate.Sequential([layers.Dense(2, input_shape=(3,)), layers.BatchNormalization()])
    net.compile("sgd", loss="mse")
    script, stop = Scripted(values), EarlyStopping(**words)
    x = np.random.default_rng(0).random((8, 3))
    history = net.fit(x, x[:, :2], epochs=len(values), callbacks=[script, stop], verbose=0)
    return net, script, stop, history


def test_the_best_weights_come_back_with_their_statistics():
    values = [5.0, 3.0, 4.0, 4.0, 1.0]
    net, script, stop, history = run(values, patience=2, restore_best_weights=True)
    assert history.epoch == [0, 1, 2, 3]
    assert (stop.best_epoch, stop.stopped_epoch) == (1, 3)
    for kept, now in zip(script.weights[1], net.get_weights(), strict=True):
        assert np.array_equal(kept, now)


def test_without_that_the_last_weights_stay():
    net, script, _, _ = run([5.0, 3.0, 4.0, 4.0, 1.0], patience=2)
    assert np.array_equal(script.weights[3][0], net.get_weights()[0])


def test_the_best_weights_come_back_also_when_nothing_stopped_the_run():
    net, script, _, _ = run([5.0, 3.0, 4.0], patience=9, restore_best_weights=True)
    assert np.array_equal(script.weights[1][0], net.get_weights()[0])


@pytest.mark.parametrize("verbose", [0, 1, True])
def test_it_says_what_it_did_if_asked(verbose, capsys):
    run([5.0, 3.0, 4.0, 4.0, 1.0], patience=2, restore_best_weights=True, verbose=verbose)
    stopped = "Epoch 4: stopped, as val_loss has not improved on 3.0000.\n"
    best = "The model has the weights of epoch 2, its best.\n"
    assert capsys.readouterr().out == (stopped + best if verbose else "")
    run([5.0, 3.0], verbose=1)
    assert capsys.readouterr().out == ""


def test_a_second_fit_begins_anew():
    net, *_ = run([1.0, 2.0, 3.0], patience=1)
    history = net.fit(np.ones((4, 3)), np.ones((4, 2)), epochs=3, verbose=0)
    assert history.epoch == [0, 1, 2]


def test_a_number_that_is_not_there():
    words = r"EarlyStopping: `monitor` must name one of the logs.*There are: loss.*validation_data"
    with pytest.raises(ArgumentError, match=words):
        run([1.0], monitor="val_los")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"mode": "least"}, r'`mode` must be one of "auto", "min", "max"'),
        ({"patience": -1}, r"`patience` must be a number of at least 0"),
        ({"verbose": "yes"}, r"`verbose` must be a whole number of at least 0"),
        ({"verbose": -1}, r"`verbose` must be a whole number of at least 0"),
    ],
)
def test_what_is_refused(words, message):
    with pytest.raises(ArgumentError, match=message):
        EarlyStopping(**words)
