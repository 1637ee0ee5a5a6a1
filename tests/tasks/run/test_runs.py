"""The list of runs: every run once, the oldest first, and damage does not hide the others."""

import json

import numpy as np
import pytest

from striate.errors import DataError
from striate.tasks.run.runs import list_runs, read_settings
from striate.tasks.scoring.scores import scores_of


def made(root, name, *, started="2026-01-02T03:04:05+00:00", task="classify", scored=True):
    """A run folder as a training leaves it."""
    folder = root / task / name
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'data = "pets"\ntask = "{task}"\nepochs = 2\n')
    (folder / "env.json").write_text(json.dumps({"started": started}))
    rows = [{"epoch": n, "finished": n < 3, "seconds": 1.5} for n in (1, 2, 3)]
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    (folder / "metrics.jsonl").write_text(lines + '{"epoch": 4, "fin')
    if scored:
        p, y = np.eye(2)[[0, 1, 1, 1]], np.array([0, 1, 1, 0])
        scores = scores_of(p, y, class_names=("a", "b"), part="test")
        (folder / "scores.json").write_text(json.dumps(scores.to_json()))
    return folder


def test_a_finished_run(tmp_path):
    folder = made(tmp_path, "pets-1")
    (row,) = list_runs(tmp_path)
    assert (row.folder, row.task, row.data) == (str(folder), "classify", "pets")
    assert (row.part, row.pictures, row.accuracy, row.fault) == ("test", 4, 0.75, None)
    assert row.accuracy_interval == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert (row.epochs, row.seconds) == (2, 4.5)
    assert json.loads(json.dumps(row.to_json()))["started"] == "2026-01-02T03:04:05+00:00"


def test_the_oldest_first_at_every_depth(tmp_path):
    made(tmp_path, "b-1", started="2026-03-01T00:00:00+00:00")
    made(tmp_path, "a-1", started="2026-02-01T00:00:00+00:00", task="detect")
    made(tmp_path / "classify", "fold-1", started="2026-01-01T00:00:00+00:00", task="folds")
    assert [row.folder.rsplit("/", 1)[1] for row in list_runs(tmp_path)] == ["fold-1", "a-1", "b-1"]
    assert [row.task for row in list_runs(tmp_path / "detect")] == ["detect"]
    assert len(list_runs(tmp_path / "detect" / "a-1")) == 1
    (tmp_path / "empty").mkdir()
    assert list_runs(tmp_path / "empty") == []


def test_an_unfinished_run(tmp_path):
    made(tmp_path, "pets-1", scored=False)
    (row,) = list_runs(tmp_path)
    assert (row.fault, row.accuracy, row.epochs) == ("not finished", None, 2)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("config.toml", b"a = ", "must hold a config.toml that is TOML"),
        ("config.toml", b"\xff", "must hold a config.toml that is TOML"),
        ("env.json", b"[1]", "must hold a record in env.json"),
        ("scores.json", b"{", "must hold a scores.json that is JSON"),
        ("scores.json", b'{"accuracy": "high"}', "scores.json has no accuracy"),
        ("scores.json", b'{"accuracy": 0.5, "accuracy_interval": [NaN, 1]}', "no accuracy"),
        ("scores.json", b'{"accuracy": NaN, "accuracy_interval": [0, 1]}', "no accuracy"),
    ],
)
def test_a_damaged_run_does_not_hide_the_others(tmp_path, file, content, words):
    made(tmp_path, "good-1")
    (made(tmp_path, "bad-1") / file).write_bytes(content)
    rows = {row.folder.rsplit("/", 1)[1]: row for row in list_runs(tmp_path)}
    assert rows["good-1"].fault is None
    assert words in rows["bad-1"].fault
    assert rows["bad-1"].accuracy_interval is None


def test_tables_of_the_settings_are_flat(tmp_path):
    (tmp_path / "config.toml").write_text("a = 1\n[b]\nc = 2\n[b.d]\ne = 3\n")
    assert read_settings(tmp_path) == {"a": 1, "b.c": 2, "b.d.e": 3}


def test_no_such_folder(tmp_path):
    with pytest.raises(DataError, match=r"must be a folder of runs\. Got no such folder"):
        list_runs(tmp_path / "nope")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"must be a folder of runs\. Got a file"):
        list_runs(tmp_path / "file")
    with pytest.raises(DataError, match=r"must hold config\.toml\. Got No such file"):
        read_settings(tmp_path)
