"""Checkpoints of earlier versions: every later one must load them and go on with them.

They stand in tests/golden/checkpoints, one for each version of the format and kind of run, with
the losses of the run that was never stopped. A new version of the format gets new ones, beside
those that stand: `STRIATE_UPDATE_GOLDEN=1 python -m pytest tests/train/test_golden_checkpoints.py`
writes those that are missing.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

import striate
from striate import layers, optimizers
from striate.train import Checkpoint, scope
from striate.train.callbacks import Callback, EarlyStopping, ReduceLROnPlateau
from striate.train.run_state import FORMAT

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "checkpoints"
MOST_BYTES = 200_000
ANOTHER_VERSION = "0.0.0"


class Stop(Exception):
    """The end of a life."""


class Stopper(Callback):
    def __init__(self, step):
        self.left = step

    def settings(self):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        self.left -= 1
        if self.left < 0:
            raise Stop


def within_an_epoch(stop, **resume):
    """Our optimizer under a schedule, averages, accumulation, dropout."""
    rate = optimizers.schedules.OneCycle(0.05, 12)
    model = net()
    model.compile(
        optimizers.SGD(rate, 0.9, nesterov=True), "sparse_categorical_crossentropy", ["accuracy"]
    )
    return fit(model, stop, [], ema=0.8, accumulate=2, **resume)


def between_epochs(stop, **resume):
    """An optimizer of torch, callbacks with a state."""
    model = net(1, "sigmoid")
    torchs = torch.optim.AdamW(model.parameters(), 0.02)
    model.compile(torchs, "binary_crossentropy", ["auc"])
    told = [EarlyStopping(patience=5, restore_best_weights=True), ReduceLROnPlateau(patience=1)]
    return fit(model, stop, told, **resume)


RUNS = {"within": (within_an_epoch, 6), "between": (between_epochs, 8)}


def net(outputs=2, end="softmax"):
    torch.manual_seed(1)
    return striate.Sequential(
        [
            layers.Conv2D(2, 3, use_bias=False, input_shape=(5, 5, 1)),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dropout(0.25),
            layers.GlobalAveragePooling2D(),
            layers.Dense(outputs, end),
        ]
    )


def fit(model, stop, told, *, folder=None, **options):
    drawn = np.random.default_rng(0)
    x, y = drawn.random((40, 5, 5, 1), "float32"), drawn.integers(0, 2, 40)
    model.fit(
        x[:32],
        y[:32],
        batch_size=8,
        epochs=3,
        validation_data=(x[32:], y[32:]),
        seed=4,
        verbose=0,
        callbacks=[*told, Stopper(stop)],
        checkpoint=folder and Checkpoint(folder, 2, keep=1),
        resume="auto" if folder else None,
        **options,
    )
    return model.history.history


def write(name, monkeypatch):
    """Makes a golden checkpoint of the format as it is now."""
    run, stop = RUNS[name]
    folder = GOLDEN / f"{FORMAT}-{name}"
    monkeypatch.setattr(scope, "__version__", ANOTHER_VERSION)
    with pytest.raises(Stop):
        run(stop, folder=folder)
    monkeypatch.undo()
    for best in sorted(folder.glob("step-*"))[:-1]:
        shutil.rmtree(best)
    (folder / ".writer.lock").unlink()
    (folder.with_suffix(".json")).write_text(json.dumps(run(99), indent=1) + "\n")


@pytest.mark.parametrize("name", RUNS)
def test_there_is_one_of_this_format(name, monkeypatch):
    if os.environ.get("STRIATE_UPDATE_GOLDEN") and not (GOLDEN / f"{FORMAT}-{name}").exists():
        write(name, monkeypatch)
    assert (GOLDEN / f"{FORMAT}-{name}" / "LATEST").is_file()


def test_they_are_small():
    assert sum(path.stat().st_size for path in GOLDEN.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_an_earlier_run_is_loaded_and_goes_on(golden, tmp_path, caplog):
    run, _ = RUNS[golden.stem.partition("-")[2]]
    folder = shutil.copytree(golden.with_suffix(""), tmp_path / "run")
    wanted = json.loads(golden.read_text())
    found = run(99, folder=folder)
    assert "The run goes on after" in caplog.text
    assert f"striate: {ANOTHER_VERSION} → {striate.__version__}" in caplog.text
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        assert found[name] == pytest.approx(values, rel=1e-3), name
