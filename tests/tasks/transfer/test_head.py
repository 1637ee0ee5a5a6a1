"""The first phase: the last layer learns on frozen features, and nothing else changes."""

import json
import signal
import threading
import time

import numpy as np
import pytest
import torch

from striate.models import load_model
from striate.models.loading import read_model_folder
from striate.tasks.classify.fitting import compiled_net
from striate.tasks.config import resolve_config
from striate.tasks.nets.building import DROPOUT, HEAD
from striate.tasks.nets.choice import choose_net
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.run.run_log import read_events
from striate.tasks.transfer.head import train_head

CPU = torch.device("cpu")


@pytest.fixture
def begin(monkeypatch, tmp_path, small_base, red_and_blue):
    """begin(**options): (net, data, config, base) of a training on red and blue pictures."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    root = red_and_blue(count=12)

    def make(**more):
        own = {"model": "resnet20", "weights": str(small_base), **more}
        options = TrainOptions(data=str(root), **own)
        choice = choose_net(options)
        data = open_class_data(root, options, wanted=choice.wanted)
        config, _ = resolve_config(options, data, precision="float32", net=choice)
        return compiled_net(data, config, CPU, choice), data, config, choice.base

    return make


def test_the_last_layer_learns_and_nothing_else_changes(begin, tmp_path):
    net, data, config, base = begin(head_epochs=6)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    history = train_head(net, data, config, base, folder=tmp_path, say=print)
    changed = [name for name, value in net.state_dict().items() if not value.equal(before[name])]
    assert changed
    assert all(HEAD in name for name in changed)
    assert history.history["val_accuracy"][-1] == 1.0
    part = data.parts["validation"]
    said = np.asarray(net.predict(part.batches(4, data.preprocess)))
    loss = -np.log(said[np.arange(len(part)), part.labels]).mean()
    assert loss == pytest.approx(history.history["val_loss"][-1], rel=1e-4)
    assert (said.argmax(axis=1) == part.labels).all()


def test_what_was_learned_stays_where_ctrl_c_ends_it(begin, tmp_path):
    net, data, config, base = begin(head_epochs=20_000)
    before = net.get_layer(HEAD).get_weights()

    def interrupt():
        metrics = tmp_path / "metrics.jsonl"
        while not metrics.exists() or not metrics.read_text():
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        train_head(net, data, config, base, folder=tmp_path, say=print)
    assert not np.array_equal(net.get_layer(HEAD).get_weights()[0], before[0])


def test_its_lines_name_the_phase_and_features_are_computed_once(begin, tmp_path):
    said = []
    for life in ("first", "second"):
        (tmp_path / life).mkdir()
        net, data, config, base = begin(head_epochs=3)
        train_head(net, data, config, base, folder=tmp_path / life, say=said.append)
    lines = (tmp_path / "first" / "metrics.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["epoch"], row["phase"]) for row in rows] == [(1, "head"), (2, "head"), (3, "head")]
    again = (tmp_path / "second" / "metrics.jsonl").read_text().splitlines()
    assert again == lines
    events = [row for row in read_events(tmp_path / "second") if row["event"] == "features"]
    assert (events[0]["pictures"], events[0]["computed"]) == (24, 0)
    assert said[0].startswith("Features of 24 pictures: 24 computed, ")
    assert said[1].startswith("Features of 24 pictures: 0 computed, 24 from the cache, ")
    epochs = [row["phase"] for row in read_events(tmp_path / "first") if row["event"] == "epoch"]
    assert epochs == ["head"] * 3


def test_other_weights_have_other_features(begin, small_base, tmp_path):
    other = load_model(small_base)
    other.get_layer("conv1_conv").set_weights([np.zeros((3, 3, 3, 16), np.float32)])
    other.save(tmp_path / "other", preprocess=read_model_folder(small_base).preprocess)
    computed = []
    for weights in (small_base, tmp_path / "other", small_base):
        net, data, config, base = begin(head_epochs=1, weights=str(weights))
        train_head(net, data, config, base, folder=tmp_path, say=print)
        rows = [row for row in read_events(tmp_path) if row["event"] == "features"]
        computed.append(rows[-1]["computed"])
    assert computed == [24, 24, 0]


def test_the_second_frozen_epoch_is_twenty_times_as_fast_as_the_first(begin, tmp_path):
    net, data, config, base = begin(head_epochs=12, size_px=96, batch_size=24)
    train_head(net, data, config, base, folder=tmp_path, say=print)
    rows = read_events(tmp_path)
    (features,) = [row["seconds"] for row in rows if row["event"] == "features"]
    first, *later = [row["seconds"] for row in rows if row["event"] == "epoch"]
    assert features + first > 20 * sorted(later)[len(later) // 2]


def test_classes_are_weighed_and_drawn_as_the_settings_say(begin, tmp_path):
    for number, balance in enumerate(("weights", "sampling")):
        folder = tmp_path / str(number)
        folder.mkdir()
        net, data, config, base = begin(head_epochs=2, balance=balance)
        assert len(train_head(net, data, config, base, folder=folder, say=print).epoch) == 2


def test_dropout_is_of_the_settings(begin):
    net, _, config, _ = begin(dropout=0.4)
    assert net.get_layer(DROPOUT).rate == config.dropout == 0.4
