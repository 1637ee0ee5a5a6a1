"""What striate runs says. In this process, without a new one for each."""

import functools
import json
import re
import shlex

import pytest

from tests.tasks.run.test_run_difference import run  # noqa: F401
from tests.tasks.run.test_runs import made


@pytest.fixture
def runs(striate):
    """runs(*words): (exit code, standard output, standard error) of striate runs."""
    return functools.partial(striate, "runs")


@pytest.mark.parametrize("name", ["ls", "diff"])
def test_every_help_ends_with_two_examples_that_name_real_options(runs, name):
    code, out, _ = runs(name, "--help")
    assert code == 0
    *_, head, first, second = out.rstrip().splitlines()
    assert head.strip() == "Examples:"
    for example in (first, second):
        assert shlex.split(example)[:3] == ["striate", "runs", name]
        for option in re.findall(r" (--\w+)", example):
            assert re.search(rf"^ +{option}\b", out, re.MULTILINE), option


def test_ls_lists_every_run_and_says_what_is_damaged(runs, tmp_path):
    made(tmp_path / "runs", "pets-1")
    made(tmp_path / "runs", "pets-2", scored=False, started="2026-01-03T00:00:00+00:00")
    bad = made(tmp_path / "runs", "pets-3", started="2026-01-04T00:00:00+00:00")
    (bad / "scores.json").write_text("{")
    code, out, err = runs("ls")
    assert code == 0
    head, first, second, third = out.splitlines()
    assert head.split()[:3] == ["run", "begun", "data"]
    assert re.split(r"  +", first) == [
        "runs/classify/pets-1",
        "2026-01-02 03:04",
        "pets",
        "0.7500",
        "0.3006 to 0.9544 (test)",
        "4",
        "2",
        "4.5 s",
    ]
    assert "not finished" in second
    assert "damaged" in third
    assert err.startswith("runs/classify/pets-3: ")
    assert "must hold a scores.json that is JSON" in err
    assert len(err.splitlines()) == 1
    rows = json.loads(runs("ls", "--json")[1])
    assert [row["accuracy"] for row in rows] == [0.75, None, None]


def test_no_run_and_no_folder(runs, tmp_path):
    (tmp_path / "old").mkdir()
    assert runs("ls", "old") == (0, "", 'No run in the folder "old".\n')
    assert runs("ls", "old", "--json") == (0, "[]\n", "")
    code, out, err = runs("ls")
    assert (code, out) == (3, "")
    assert err.startswith('Folder "runs": must be a folder of runs. Got no such folder.')


def test_diff_as_table_and_as_json(runs, run):  # noqa: F811
    first, second = run("a", [True] * 30), run("b", [True] * 20 + [False] * 10)
    code, out, err = runs("diff", first.name, second.name)
    assert (code, err) == (0, "")
    assert "on the 30 pictures of both: 1.0000 and 0.6667, difference -0.3333" in out
    assert ": clear)" in out
    found = json.loads(runs("diff", first.name, second.name, "--json")[1])
    assert found["pairs"]["lost"] == [f"a/{number}" for number in range(20, 30)]
    code, out, err = runs("diff", first.name, "nope")
    assert (code, out) == (3, "")
    assert 'Run "nope": must hold config.toml. Got No such file or directory.' in err
