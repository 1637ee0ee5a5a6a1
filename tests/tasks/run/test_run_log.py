"""log.jsonl: what happened and when, in order; nothing is ever taken out of it."""

import json
from datetime import datetime

import pytest

from striate.errors import DataError
from striate.tasks.run.run_log import LOG_FILE, RunLog, is_finished, read_events, training_seconds


def test_every_event_has_its_time_and_facts(tmp_path):
    log = RunLog(tmp_path)
    log.write("begun", notes=["größer"])
    log.saved(tmp_path / "checkpoints" / "step-0000000004")
    rows = read_events(tmp_path)
    assert [row["event"] for row in rows] == ["begun", "saved"]
    assert rows[0]["notes"] == ["größer"]
    assert rows[1]["checkpoint"] == "step-0000000004"
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    assert times[0] <= times[1]
    assert times[0].tzinfo is not None


def test_epochs_name_their_phase(tmp_path):
    log = RunLog(tmp_path, phase="head")
    log.on_epoch_begin(0)
    log.on_epoch_end(0)
    (row,) = read_events(tmp_path)
    assert (row["event"], row["epoch"], row["phase"]) == ("epoch", 1, "head")


def test_the_seconds_of_epochs_add_up_over_lives(tmp_path):
    first = RunLog(tmp_path)
    first.on_epoch_begin(0)
    first.on_epoch_end(0)
    first.on_epoch_begin(1)
    first.stopped("SIGTERM")
    again = RunLog(tmp_path)
    again.stopped("before its first epoch")
    again.on_epoch_begin(1)
    again.on_epoch_end(1)
    rows = read_events(tmp_path)
    assert [row["event"] for row in rows] == ["epoch", "stopped", "stopped", "epoch"]
    assert [row.get("epoch") for row in rows] == [1, None, None, 2]
    assert "seconds" not in rows[2]
    assert training_seconds(tmp_path) == pytest.approx(sum(row.get("seconds", 0) for row in rows))


def test_damage_is_passed_over(tmp_path):
    lines = ['{"event": "epoch", "seconds": 2.5}', "[1]", '{"event": 3}', "no JSON", ""]
    lines += ['{"event": "epoch", "seconds": NaN}', '{"event": "epoch", "seconds": true}']
    lines += ['{"event": "epoch", "seconds": "long"}', '{"event": "epo']
    (tmp_path / LOG_FILE).write_text("\n".join(lines))
    assert training_seconds(tmp_path) == 2.5
    assert len(read_events(tmp_path)) == 4
    assert read_events(tmp_path / "nowhere") == []


def test_a_run_is_finished_with_its_scores_and_its_word(tmp_path):
    assert not is_finished(tmp_path)
    (tmp_path / "scores.json").write_text("{}")
    assert is_finished(tmp_path)  # of a version without a log
    RunLog(tmp_path).write("begun")
    assert not is_finished(tmp_path)
    RunLog(tmp_path).write("finished")
    assert is_finished(tmp_path)
    (tmp_path / "scores.json").unlink()
    assert not is_finished(tmp_path)


def test_a_disk_that_refuses_is_named(tmp_path):
    (tmp_path / LOG_FILE).mkdir()
    with pytest.raises(DataError, match=r"log\.jsonl\": must take a line\. Got Is a directory"):
        RunLog(tmp_path).write("begun")


def test_each_line_is_whole_json(tmp_path):
    RunLog(tmp_path).write("begun", path="a\nb")
    (line,) = (tmp_path / LOG_FILE).read_text().splitlines()
    assert json.loads(line)["path"] == "a\nb"
