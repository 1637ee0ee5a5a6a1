"""ModelCheckpoint saves each epoch, or the best, and refuses early what it cannot save."""

import keras
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import striate
from striate import layers
from striate.errors import ArgumentError, WeightsError
from striate.train.callbacks import Callback, ModelCheckpoint

X = np.random.default_rng(0).random((16, 3)).astype("float32")
Y = np.arange(16) % 2


def net(*more):
    torch.manual_seed(0)
    model = striate.Sequential([layers.Dense(2, input_shape=(3,)), *more, layers.Softmax()])
    model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Scripted(Callback):
    def __init__(self, values):
        self.values, self.weights = values, []

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.values[epoch]
        self.weights.append(self.model.get_weights()[0])


def fit(path, values=(3.0, 1.0, 2.0), model=None, **words):
    script = Scripted(values)
    told = [script, ModelCheckpoint(path, **words)]
    (model or net()).fit(X, Y, epochs=len(values), callbacks=told, verbose=0)
    return script


def test_every_epoch_is_saved_under_its_name(tmp_path):
    script = fit(tmp_path / "at-{epoch:02d}-{val_loss:.1f}")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["at-01-3.0", "at-02-1.0", "at-03-2.0"]
    for name, weights in zip(names, script.weights, strict=True):
        loaded = striate.load_model(tmp_path / name)
        assert np.array_equal(loaded.get_weights()[0], weights)


def test_the_last_replaces_the_one_before(tmp_path):
    script = fit(tmp_path / "net")
    loaded = striate.load_model(tmp_path / "net")
    assert np.array_equal(loaded.get_weights()[0], script.weights[-1])


def test_only_the_best_is_saved(tmp_path):
    script = fit(tmp_path / "net", save_best_only=True)
    loaded = striate.load_model(tmp_path / "net")
    assert np.array_equal(loaded.get_weights()[0], script.weights[1])


def test_it_says_what_it_did_if_asked(tmp_path, capsys):
    path = tmp_path / "[net]"
    fit(path, save_best_only=True, verbose=1)
    assert capsys.readouterr().out.splitlines() == [
        f"Epoch 1: val_loss 3.0000 is the best so far, saved in {path}",
        f"Epoch 2: val_loss 1.0000 is the best so far, saved in {path}",
        "Epoch 3: val_loss is not better than 1.0000",
    ]
    fit(path, values=[1.0], verbose=True)
    assert capsys.readouterr().out == f"Epoch 1: saved in {path}\n"
    fit(path)
    assert capsys.readouterr().out == ""


def test_weights_alone_are_refused(tmp_path):
    words = r"ModelCheckpoint: `save_weights_only` must be False: a model folder holds the weights "
    with pytest.raises(ArgumentError, match=words + r".*load_model\(folder\)\.get_weights\(\)"):
        ModelCheckpoint(tmp_path / "net", save_weights_only=True)
    with pytest.raises(ArgumentError, match=r"`verbose` must be a whole number of at least 0"):
        ModelCheckpoint(tmp_path / "net", verbose=-1)
    ModelCheckpoint(tmp_path / "net", save_weights_only=False)


class Saves:
    """As much of a model as the callback touches; notes when it is saved."""

    optimizer = None
    stop_training = False

    def __init__(self):
        self.epochs = []

    def save(self, path, **_):
        self.epochs.append(path)

    def to_json(self):
        return "{}"


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.9]), min_size=1))
def test_the_best_is_what_keras_takes_for_the_best(values):
    theirs = keras.callbacks.ModelCheckpoint(
        "{epoch}.keras", monitor="val_accuracy", save_best_only=True, mode="max"
    )
    ours = ModelCheckpoint("{epoch}.keras", monitor="val_accuracy", save_best_only=True)
    saved = []
    for callback in (ours, theirs):
        callback.set_model(Saves())
        callback.on_train_begin({})
        for epoch, value in enumerate(values):
            callback.on_epoch_end(epoch, {"val_accuracy": value})
        saved.append([str(path) for path in callback.model.epochs])
    assert saved[0] == saved[1]


def test_what_cannot_be_saved_is_refused_before_the_first_step(tmp_path):
    model = net(layers.Lambda(lambda x: x * 2))
    before = model.get_weights()
    with pytest.raises(WeightsError, match=r'Lambda "lambda": must have a registered function'):
        fit(tmp_path / "net", model=model)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert not list(tmp_path.iterdir())


def test_names_that_are_not_in_the_logs(tmp_path):
    words = r"`filepath` must hold only names of the logs: epoch, loss, accuracy, val_loss"
    with pytest.raises(ArgumentError, match=words):
        fit(tmp_path / "{val_acc}")
    with pytest.raises(
        ArgumentError, match=r"ModelCheckpoint: `monitor` must name one of the logs"
    ):
        fit(tmp_path / "net", monitor="val_acc", save_best_only=True)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "mine").write_text("x")
    with pytest.raises(WeightsError, match="be empty or written by striate to be replaced"):
        fit(tmp_path / "net")
    assert (tmp_path / "net" / "mine").exists()
