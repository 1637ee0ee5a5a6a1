"""TensorBoard writes event files that TensorBoard reads."""

import sys
import time

import numpy as np
import pytest

import striate
from striate import layers
from striate.errors import MissingExtraError
from striate.train.callbacks import TensorBoard

X = np.random.default_rng(0).random((8, 3))


def fit(folder):
    net = striate.Sequential([layers.Dense(1, input_shape=(3,))])
    net.compile("sgd", loss="mse", metrics=["mae"])
    words = {"epochs": 3, "validation_data": (X, X[:, :1]), "verbose": 0}
    return net.fit(X, X[:, :1], callbacks=[TensorBoard(folder)], **words).history


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_numbers_are_read_back(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    history = fit(tmp_path)
    names = {"train": ["loss", "mae"], "validation": ["val_loss", "val_mae"]}
    for run, logged in names.items():
        events = accumulator.EventAccumulator(str(tmp_path / run))
        events.Reload()
        for name in logged:
            found = events.Scalars(f"epoch_{name.removeprefix('val_')}")
            assert [event.step for event in found] == [0, 1, 2]
            assert [event.value for event in found] == pytest.approx(history[name], rel=1e-6)
    train = accumulator.EventAccumulator(str(tmp_path / "train"))
    train.Reload()
    rates = [event.value for event in train.Scalars("epoch_learning_rate")]
    assert rates == pytest.approx([0.01] * 3)


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    words = r"the package `tensorboard` must be installed.*pip install 'striate\[tensorboard\]'"
    with pytest.raises(MissingExtraError, match=words):
        fit(tmp_path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_a_resumed_run_writes_again_takes_the_place_of_what_stood(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    net = striate.Sequential([layers.Dense(1, input_shape=(3,))])
    net.compile("sgd", loss="mse")
    for since, epochs, factor in ((None, range(3), 1.0), (1, range(1, 4), 10.0)):
        board = TensorBoard(tmp_path)
        board.set_params({"resumed_at": since})
        board.set_model(net)
        board.on_train_begin()
        for epoch in epochs:
            board.on_epoch_end(epoch, {"loss": factor * epoch})
        board.on_train_end()
        time.sleep(1.1)  # a file of events is named by its second
    found = accumulator.EventAccumulator(str(tmp_path / "train")).Reload().Scalars("epoch_loss")
    values = [(event.step, event.value) for event in found]
    assert values == [(0, 0.0), (1, 10.0), (2, 20.0), (3, 30.0)]
