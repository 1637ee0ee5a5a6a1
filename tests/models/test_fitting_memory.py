"""fit, evaluate and predict where memory does not suffice; the parts survive a kill."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError, PlanError
from striate.train import Checkpoint

rng = np.random.default_rng(0)
X, Y = rng.random((20, 4)).astype("float32"), rng.random((20, 1)).astype("float32")


class Limited(layers.Layer):
    """Has memory for so many rows, which is no setting of the model."""

    limit = 3

    def call(self, x):
        if len(x) > Limited.limit:
            torch.empty(2**60)
        return x


@pytest.fixture
def room(monkeypatch):
    """room(rows): from now on there is memory for so many."""
    return lambda rows: monkeypatch.setattr(Limited, "limit", rows)


def net():
    torch.manual_seed(1)
    parts = [layers.Dense(4, input_shape=(4,)), layers.BatchNormalization(), Limited()]
    model = striate.Sequential([*parts, layers.Dropout(0.2), layers.Dense(1)])
    model.compile("adam", loss="mse")
    return model


def fit(model, **words):
    return model.fit(X, Y, **{"batch_size": 10, "seed": 3, "verbose": 0, "epochs": 2, **words})


def same(a, b):
    held = [model.state_dict() for model in (a, b)]
    return all(torch.equal(held[0][name], held[1][name]) for name in held[0])


def test_fit_names_the_largest_batch():
    words = r"fit: must have memory for batches of 10\. Got .* in epoch 1, step 1\. .* 3 fit at a "
    with pytest.raises(PlanError, match=words):
        fit(net())


def test_accumulate_is_said_and_gives_what_parts_give(caplog, room):
    ours, theirs = net(), net()
    history = fit(ours, on_oom="accumulate")
    room(99)
    fit(theirs, accumulate=4)
    assert same(ours, theirs)
    [note] = history.notes
    assert note.startswith("Memory did not suffice for 10 samples in epoch 1, step 1: from here on")
    assert note in caplog.text


def test_a_killed_run_goes_on_in_the_same_parts(tmp_path, room):
    def checkpoint(name):
        return Checkpoint(tmp_path / name, say=[].append)

    whole = net()
    fit(whole, epochs=4, on_oom="accumulate", checkpoint=checkpoint("whole"))
    fit(net(), epochs=2, on_oom="accumulate", checkpoint=checkpoint("cut"))
    room(99)  # there is memory for all, but BatchNormalization would see other parts
    rest = net()
    history = fit(rest, epochs=4, resume="auto", checkpoint=checkpoint("cut"))
    assert same(whole, rest)
    assert history.notes == whole.history.notes


def test_evaluate_and_predict_name_what_fits(room):
    room(7)
    model = net()
    words = (
        r"evaluate: must have memory for batches of 12\. Got .* By trial, 7 fit at a time\. Use "
    )
    with pytest.raises(PlanError, match=words):
        model.evaluate(X, Y, batch_size=12, verbose=0)
    with pytest.raises(PlanError, match=r"predict: must have memory for batches of 20\. .* 7 fit"):
        model.predict(X)
    assert model.predict(X, batch_size=7).shape == (20, 1)


def test_the_validation_of_a_run_too(room):
    room(7)
    with pytest.raises(PlanError, match=r"evaluate: must have memory for batches of 9\. .* 7 fit"):
        fit(net(), batch_size=9, accumulate=3, validation_data=(X, Y))


def test_error_words():
    words = r'`on_oom` must be one of "stop", "accumulate", "try"\. Got'
    with pytest.raises(ArgumentError, match=words):
        fit(net(), on_oom="half")
