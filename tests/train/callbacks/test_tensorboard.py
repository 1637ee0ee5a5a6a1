"""TensorBoard writes event files that TensorBoard reads."""

import sys

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
