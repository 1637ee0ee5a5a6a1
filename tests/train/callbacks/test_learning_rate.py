"""ReduceLROnPlateau and LearningRateScheduler set the rates that Keras sets."""

import keras
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import striate
from striate import layers, optimizers
from striate.errors import ArgumentError
from striate.train.callbacks import Callback, LearningRateScheduler, ReduceLROnPlateau
from striate.train.callbacks.learning_rate import learning_rate, set_learning_rate


class Told:
    """As much of a model as the callbacks touch."""

    def __init__(self, optimizer):
        self.optimizer = optimizer


def rates(callback, optimizer, values):
    callback.set_model(Told(optimizer))
    callback.on_train_begin({})
    found = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"val_loss": value})
        found.append(float(np.asarray(optimizer.learning_rate)))
    return found


@given(
    values=st.lists(st.sampled_from([0.1, 0.2, 0.20005, 0.3, 0.5]), min_size=1),
    factor=st.sampled_from([0.1, 0.5]),
    patience=st.integers(1, 3),
    cooldown=st.integers(0, 2),
    min_lr=st.sampled_from([0.0, 0.05]),
)
def test_a_plateau_lowers_the_rate_as_in_keras(values, factor, patience, cooldown, min_lr):
    words = {"factor": factor, "patience": patience, "cooldown": cooldown, "min_lr": min_lr}
    theirs = keras.callbacks.ReduceLROnPlateau("val_loss", mode="min", **words)
    ours = rates(ReduceLROnPlateau("val_loss", **words), optimizers.SGD(0.8), values)
    assert ours == pytest.approx(rates(theirs, keras.optimizers.SGD(0.8), values), rel=1e-5)


def test_patience_of_none_is_that_of_one():
    values = [0.3, 0.3, 0.3, 0.3]
    theirs = keras.callbacks.ReduceLROnPlateau("val_loss", mode="min", patience=0)
    ours = rates(ReduceLROnPlateau(patience=0), optimizers.SGD(0.8), values)
    assert ours == pytest.approx(rates(theirs, keras.optimizers.SGD(0.8), values), rel=1e-5)


class Noting(Callback):
    def __init__(self):
        self.rates = []

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(learning_rate(self.model.optimizer))


def run(schedule, optimizer=None, epochs=3):
    net = striate.Sequential([layers.Dense(1, input_shape=(2,))])
    net.compile(optimizer(net) if optimizer else optimizers.SGD(0.1), loss="mse")
    noting = Noting()
    told = [LearningRateScheduler(schedule), noting]
    net.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=epochs, callbacks=told, verbose=0)
    return noting.rates


def test_a_schedule_of_epoch_and_rate():
    assert run(lambda epoch, rate: rate * 0.5) == pytest.approx([0.05, 0.025, 0.0125])
    assert run(lambda epoch: 0.1 / (epoch + 1)) == pytest.approx([0.1, 0.05, 0.1 / 3])


def test_the_rate_of_a_torch_optimizer():
    torchs = run(lambda e, r: r / 2, lambda net: torch.optim.SGD(net.parameters(), 0.2))
    assert torchs == pytest.approx([0.1, 0.05, 0.025])
    groups = [{"params": [torch.nn.Parameter(torch.ones(1))], "lr": lr} for lr in (1.0, 2.0)]
    optimizer = torch.optim.SGD(groups)
    set_learning_rate(optimizer, 0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.5]


def test_an_error_within_the_schedule_is_its_own():
    def broken(epoch, rate):
        return rate + None

    with pytest.raises(TypeError, match="unsupported operand"):
        run(broken)


@pytest.mark.parametrize("value", [None, "fast", -1.0, True, float("inf")])
def test_a_schedule_gives_a_rate(value):
    words = r"LearningRateScheduler: `schedule\(epoch\)` must be"
    with pytest.raises(ArgumentError, match=words):
        run(lambda epoch, rate: value)


@pytest.mark.parametrize("factor", [1.0, 2.0, -0.1, "half"])
def test_a_factor_lowers(factor):
    with pytest.raises(ArgumentError, match=r"ReduceLROnPlateau: `factor` must be a fraction"):
        ReduceLROnPlateau(factor=factor)
