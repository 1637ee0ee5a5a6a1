"""Callbacks are told everything, in Keras' order; what nobody asks for costs nothing."""

import numpy as np
import pytest

import striate
from striate import layers
from striate.errors import DivergedError
from striate.train.callbacks import Callback
from striate.train.callbacks.base import CallbackList

X = np.ones((6, 3), "float32")
METHODS = [name for name in vars(Callback) if name.startswith("on_")]


def net():
    model = striate.Sequential([layers.Dense(1, input_shape=(3,))])
    model.compile("sgd", loss="mse", metrics=["mae"])
    return model


class Hears(Callback):
    """Notes every call, by name and number."""

    def __init__(self):
        self.heard = []

    def on_train_begin(self, logs=None):
        self.heard.append("begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.heard.append(f"epoch {epoch}")

    def on_train_batch_begin(self, batch, logs=None):
        self.heard.append(f"batch {batch}")

    def on_train_batch_end(self, batch, logs=None):
        self.heard.append(f"did {batch}")
        self.last = dict(logs)

    def on_samples(self, count):
        self.heard.append(f"{count} samples")

    def on_epoch_end(self, epoch, logs=None):
        self.heard.append(f"ended {epoch}")
        self.logs = dict(logs)

    def on_train_end(self, logs=None):
        self.heard.append("end")


def test_everything_is_told_in_order():
    hears, model = Hears(), net()
    model.fit(
        X,
        X[:, :1],
        batch_size=4,
        epochs=2,
        validation_data=(X, X[:, :1]),
        callbacks=[hears],
        verbose=0,
    )
    step = ["batch 0", "did 0", "4 samples", "batch 1", "did 1", "2 samples"]
    epochs = [["epoch 0", *step, "ended 0"], ["epoch 1", *step, "ended 1"]]
    assert hears.heard == ["begin", *epochs[0], *epochs[1], "end"]
    assert hears.model is model
    assert hears.params == {
        "epochs": 2,
        "steps": 2,
        "validation_epochs": 1,
        "resumed_at": None,
    }
    assert list(hears.logs) == ["loss", "mae", "val_loss", "val_mae"]
    assert list(hears.last) == ["loss", "mae"]
    assert hears.last["loss"] == hears.logs["loss"]


def test_an_error_in_a_callback_ends_the_run_and_all_are_told():
    class Breaks(Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("mine")

    hears, model = Hears(), net()
    with pytest.raises(RuntimeError, match="mine"):
        model.fit(X, X[:, :1], callbacks=[Breaks(), hears], verbose=0)
    assert hears.heard[-1] == "end"
    assert not model.training


def test_a_callback_may_stop_the_run():
    class Stops(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    assert net().fit(X, X[:, :1], epochs=5, callbacks=[Stops()], verbose=0).epoch == [0]


def test_only_the_methods_that_were_written_are_called_in_a_step():
    told = CallbackList([Callback(), Hears()], None, 1, 1)
    assert [len(kind) for kind in (told._batch_begin, told._batch_end, told._samples)] == [1, 1, 1]


def test_a_plain_callback_hears_everything_in_silence():
    callback = Callback()
    for method in METHODS:
        assert not getattr(callback, method)(
            *[0] * (method not in ("on_train_begin", "on_train_end"))
        )


def test_divergence_is_an_error_unless_somebody_deals_with_it():
    class Deals(Callback):
        def on_diverged(self, message):
            self.heard = message
            return True

    first, second = Deals(), Deals()
    CallbackList([first, second], None, 1, 1).diverged("words")
    assert (first.heard, second.heard) == ("words", "words")
    with pytest.raises(DivergedError, match="words"):
        CallbackList([Callback()], None, 1, 1).diverged("words")
