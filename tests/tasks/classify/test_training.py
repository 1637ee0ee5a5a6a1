"""train: what it leaves behind, that it is repeatable, honest and careful."""

import hashlib
import json
import signal
import tomllib

import numpy as np
import pytest
import torch
from PIL import Image

import striate
from striate.errors import ArgumentError, DataError, DivergedError
from striate.tasks.classify import find_rate, train
from striate.tasks.options import TrainOptions
from striate.tasks.run.run_log import read_events
from striate.train.callbacks import Callback

FILES = [
    ".writer.lock",
    "batch0.png",
    "calibration.json",
    "checkpoints",
    "config.toml",
    "confusion.png",
    "curves.png",
    "data_manifest.json",
    "env.json",
    "events",
    "features.png",
    "log.jsonl",
    "metrics.jsonl",
    "mistakes.png",
    "model",
    "predictions.safetensors",
    "report.html",
    "scores.json",
]


def rows(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_the_run_folder_holds_everything(digits_run):
    run, said = digits_run
    assert sorted(path.name for path in run.folder.iterdir()) == FILES
    assert run.folder.name == "digits-1"
    assert [row["epoch"] for row in rows(run.folder)] == [1, 2]
    assert rows(run.folder)[1]["val_loss"] == run.history.history["val_loss"][1]
    config = tomllib.loads((run.folder / "config.toml").read_text(encoding="utf-8"))
    assert config["epochs"] == 2
    assert config["size_px"] == 8
    scores = json.loads((run.folder / "scores.json").read_text())
    assert scores["accuracy"] == run.scores.accuracy
    assert json.loads((run.folder / "env.json").read_text())["striate"] == striate.__version__
    for path in run.folder.glob("*.png"):
        with Image.open(path) as image:
            assert image.width >= 500
            assert np.asarray(image.convert("L")).std() > 10
    assert said[0].startswith("Data: ")
    assert any("bfloat16 (chosen by auto)" in s or "float32 (chosen by auto)" in s for s in said)


def test_two_epochs_recognise_most_digits(digits_run):
    run, _ = digits_run
    assert run.scores.accuracy > 0.8
    assert run.scores.pictures == 355
    assert run.scores.part == "test"


def test_the_scores_are_those_of_the_saved_model(digits_run):
    run, _ = digits_run
    model = striate.load_model(run.folder / "model")
    _, (x, y) = striate.datasets.digits.load_data()
    p = model.predict(x[..., None].astype("float32") / 255)
    assert run.scores.accuracy == pytest.approx((p.argmax(axis=1) == y).mean())
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (y, p.argmax(axis=1)), 1)
    assert np.array_equal(run.scores.confusion, expected)


def test_the_model_card_says_what_was_measured(digits_run):
    run, _ = digits_run
    card = (run.folder / "model" / "README.md").read_text(encoding="utf-8")
    front = card.split("---\n")[1]
    assert "pipeline_tag: image-classification\n" in front
    assert f"value: {run.scores.accuracy:.4f}" in front
    assert "355 test pictures" in card


def test_the_same_seed_gives_the_same_model_and_leaves_torch_alone(tmp_path):
    before = torch.random.get_rng_state()
    runs = [
        train("digits", epochs=1, seed=seed, runs=tmp_path, precision="float32")
        for seed in (3, 3, 4)
    ]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert [run.folder.name for run in runs] == ["digits-1", "digits-2", "digits-3"]
    first, second, other = (run.model.state_dict() for run in runs)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def digest(root):
    return {
        path.relative_to(root).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_folder_is_learned_and_left_as_it_was(red_and_blue, tmp_path):
    root = red_and_blue(count=20)
    before = digest(root)
    run = train(root, epochs=3, batch_size=8, runs=tmp_path / "runs", name="my run")
    assert digest(root) == before
    assert run.scores.accuracy == 1.0
    assert run.class_names == ("blue", "red")
    assert run.folder == tmp_path / "runs" / "classify" / "my-run-1"
    assert sorted(path.name for path in run.folder.iterdir()) == FILES


class PressCtrlC(Callback):
    """Sends the signal in a step."""

    def __init__(self, step):
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.step:
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_leaves_model_and_numbers(tmp_path):
    said = []
    with pytest.raises(KeyboardInterrupt):
        train("digits", epochs=5, runs=tmp_path, callbacks=[PressCtrlC(2)], say=said.append)
    folder = tmp_path / "classify" / "digits-1"
    (row,) = rows(folder)
    assert (row["finished"], row["steps"]) == (False, 3)
    assert striate.load_model(folder).output.shape == (None, 10)
    assert said[-2] == f"Stopped. The weights so far and their numbers are in {folder}."
    assert said[-1] == f"Go on with: striate train --resume {folder}"
    assert read_events(folder)[-1]["by"] == "Ctrl-C"
    assert "broken off" in (folder / "model" / "README.md").read_text(encoding="utf-8")


def test_a_run_that_diverges_says_so(tmp_path):
    with pytest.raises(DivergedError, match="`loss` must be finite"):
        train("digits", epochs=2, runs=tmp_path, learning_rate=1e30, precision="float32")
    assert (tmp_path / "classify" / "digits-1" / "metrics.jsonl").exists()


def test_a_broken_picture_ends_the_run_before_it_begins(red_and_blue, tmp_path):
    root = red_and_blue(count=4)
    broken = root / "red" / "2.png"
    broken.write_bytes(broken.read_bytes()[:-300])
    with pytest.raises(DataError, match=r"must hold pictures that can be read.*red/2\.png"):
        train(root, epochs=1, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_wrong_words_end_the_run_before_it_begins(tmp_path):
    with pytest.raises(ArgumentError, match="train: `precision` must be one of"):
        train("digits", precision="int8", runs=tmp_path)
    with pytest.raises(ArgumentError, match="train: `epochs` must be"):
        train("digits", epochs=0, runs=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_runs_never_go_into_the_data(tmp_path, red_and_blue, monkeypatch):
    root = red_and_blue(count=5)
    monkeypatch.chdir(root)
    words = 'train: `runs` must lie outside the data ".", which is never written to'
    for options in ({}, {"folds": 2}):
        with pytest.raises(ArgumentError, match=words):
            train(".", epochs=1, **options)
    with pytest.raises(ArgumentError, match="lr_find: `runs` must lie outside the data"):
        find_rate(TrainOptions(data="."))
    assert sorted(path.name for path in root.iterdir()) == ["blue", "red"]


def test_the_channels_land_in_the_settings(tmp_path, red_and_blue):
    run = train(red_and_blue(count=5), epochs=1, filters=4, runs=tmp_path / "runs")
    assert tomllib.loads((run.folder / "config.toml").read_text())["channels"] == 3
