"""metrics.jsonl: a line an epoch, also of an epoch that was broken off."""

import importlib.util
import json

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from striate.tasks.run.metrics_log import MetricsLog, history_of, run_logs


class Optimizer:
    learning_rate = 0.25


class Net:
    optimizer = Optimizer()


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def log(tmp_path):
    log = MetricsLog(tmp_path / "metrics.jsonl")
    log.set_model(Net())
    log.on_train_begin()
    return log


def test_each_epoch_is_on_the_disk_at_once(log):
    assert lines(log.path) == []
    for epoch in range(2):
        log.on_epoch_begin(epoch)
        log.on_train_batch_end(0, {"loss": 9.0})
        log.on_epoch_end(epoch, {"loss": 0.5 / (epoch + 1), "val_loss": 1})
        row = lines(log.path)[-1]
        assert row == {
            "epoch": epoch + 1,
            "finished": True,
            "loss": 0.5 / (epoch + 1),
            "val_loss": 1.0,
            "learning_rate": 0.25,
        }
    log.on_train_end()
    assert len(lines(log.path)) == 2


def test_an_epoch_that_was_broken_off_is_marked(log):
    log.on_epoch_begin(0)
    log.on_train_batch_end(0, {"loss": 3.0})
    log.on_train_batch_end(1, {"loss": 2.0})
    log.on_train_end()
    (row,) = lines(log.path)
    assert (row["finished"], row["steps"], row["loss"]) == (False, 2, 2.0)


def test_a_phase_is_named_and_keeps_the_lines_of_the_one_before(tmp_path):
    path = tmp_path / "metrics.jsonl"
    for phase, keep, epochs in (
        ("head", False, (0, 1)),
        ("net", True, (2,)),
        ("net", True, (2, 3)),
    ):
        log = MetricsLog(path, phase=phase, keep=keep)
        log.set_model(Net())
        log.on_train_begin()
        for epoch in epochs:
            log.on_epoch_begin(epoch)
            log.on_epoch_end(epoch, {"loss": 1.0})
    found = [(row["epoch"], row["phase"]) for row in lines(path)]
    assert found == [(1, "head"), (2, "head"), (3, "net"), (4, "net")]
    assert history_of(tmp_path).epoch == [0, 1, 2, 3]
    assert history_of(tmp_path).history == {"loss": [1.0] * 4}


def test_events_are_written_where_tensorboard_is_installed(tmp_path, monkeypatch):
    log, events = run_logs(tmp_path)
    assert log.path == tmp_path / "metrics.jsonl"
    for each in (log, events):
        each.set_model(Net())
        each.on_train_begin()
        each.on_epoch_begin(0)
        each.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.75})
        each.on_train_end()
    found = {}
    for part in ("train", "validation"):
        reader = EventAccumulator(str(tmp_path / "events" / part)).Reload()
        found[part] = [event.value for event in reader.Scalars("epoch_loss")]
    assert found == {"train": [0.5], "validation": [0.75]}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert [type(each) for each in run_logs(tmp_path)] == [MetricsLog]
