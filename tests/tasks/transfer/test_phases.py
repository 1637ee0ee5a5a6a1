"""Both phases: one after the other, one history, and a run that goes on where it was stopped."""

import json

import numpy as np
import pytest

from striate.errors import ArgumentError, WeightsError
from striate.models import load_model
from striate.tasks.classify import find_rate, predict, train
from striate.tasks.options import TrainOptions
from striate.tasks.run.run_log import read_events
from striate.train.callbacks import Callback

HOW = {
    "model": "resnet20",
    "head_epochs": 4,
    "head_learning_rate": 0.05,
    "epochs": 2,
    "batch_size": 8,
}


@pytest.fixture
def root(red_and_blue):
    return red_and_blue(count=12)


@pytest.fixture
def start(monkeypatch, tmp_path, root, small_base):
    """start(**options): a run with the small base in a cache of its own."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))

    def run(**more):
        options = {**HOW, "weights": str(small_base), "runs": tmp_path / "runs", **more}
        return train(root, **options)

    return run


def rows(run):
    return [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]


def check_the_report_and_the_card_name_the_base(run):
    facts = json.loads((run.folder / "base.json").read_text())
    assert facts["net"] == "resnet20"
    card = (run.folder / "model" / "README.md").read_text()
    page = (run.folder / "report.html").read_text()
    for text in (card, page):
        assert facts["sha256"] in text
        assert "It began with the weights" in text
    config = (run.folder / "config.toml").read_text()
    assert f'weights_sha256 = "{facts["sha256"]}"' in config


def test_the_last_layer_then_the_net(start, small_base):
    said = []
    run = start(say=said.append, freeze_until="conv2", early_stop=9)
    assert [(row["epoch"], row["phase"]) for row in rows(run)] == [
        *((epoch, "head") for epoch in range(1, 5)),
        *((epoch, "net") for epoch in range(5, 7)),
    ]
    assert run.history.epoch == list(range(6))
    assert len(run.history.history["val_loss"]) == 6
    base = load_model(small_base)
    state, first = run.model.state_dict(), base.state_dict()
    same = {name for name in first if name in state and state[name].equal(first[name])}
    moved = set(first) & set(state) - same
    assert moved
    assert all("conv3" in name or "conv4" in name for name in moved)
    assert not any("_bn" in name for name in moved)
    assert any(each.startswith("Net: resnet20, as said, with a new last layer") for each in said)
    assert any(each.startswith("The last layer alone: validation accuracy 1.0") for each in said)
    kept = [each for each in said if "had the lowest validation loss and was kept" in each]
    assert kept[0].split()[1] in ("5", "6")
    assert run.scores.accuracy == 1.0
    check_the_report_and_the_card_name_the_base(run)


def test_the_last_layer_alone(start, root):
    run = start(freeze_until="all", epochs=None)
    assert [row["phase"] for row in rows(run)] == ["head"] * 4
    assert not (run.folder / "checkpoints").exists()
    (found,) = predict(run.folder, [root / "red" / "0.png"])
    assert found.label == "red"


class StopsIn(Callback):
    def __init__(self, epoch):
        self.epoch = epoch

    def settings(self):
        return None

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == 0:
            raise KeyboardInterrupt

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch -= 1


@pytest.mark.parametrize("without_cache", [False, True])
def test_a_run_that_is_stopped_ends_as_if_it_had_not_been(start, monkeypatch, without_cache):
    whole = start(name="whole")
    if without_cache:
        monkeypatch.setenv("STRIATE_CACHE_GIB", "0")
    with pytest.raises(KeyboardInterrupt):
        start(name="cut", callbacks=[StopsIn(2)])
    folder = whole.folder.with_name("cut-1")
    again = start(name="cut", resume="auto")
    assert again.folder == folder
    assert rows(again) == rows(whole)
    assert (folder / "model" / "model.safetensors").read_bytes() == (
        whole.folder / "model" / "model.safetensors"
    ).read_bytes()
    assert [row["event"] for row in read_events(folder)].count("features") == 1
    assert again.history.history == whole.history.history
    assert train(str(folder), resume=folder).history.history == whole.history.history


def test_other_weights_than_the_runs_are_refused(start, small_base, tmp_path):
    run = start()
    (run.folder / "scores.json").unlink()
    state = load_model(small_base)
    state.get_layer(index=1).set_weights([np.zeros((3, 3, 3, 16), np.float32)])
    state.save(tmp_path / "other")
    text = (run.folder / "config.toml").read_text()
    (run.folder / "config.toml").write_text(text.replace(str(small_base), str(tmp_path / "other")))
    with pytest.raises(WeightsError, match="must have the SHA-256"):
        train(run.folder, resume=run.folder)


def test_rates_are_searched_without_weights_alone(root, small_base):
    options = TrainOptions(data=str(root), model="resnet20", weights=str(small_base))
    with pytest.raises(ArgumentError, match="lr_find: `weights` must be left out: the last layer"):
        find_rate(options)
