"""The batch of "auto", and a training that is refused before anything of it is written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from striate.errors import ArgumentError
from striate.tasks.classify import find_rate, train
from striate.tasks.options import TrainOptions
from striate.tasks.run.runs import read_settings

LIMITED = """
import resource, sys
import numpy as np, torch, striate
from striate import cli
torch.set_num_threads(1)
striate.tasks.classify, striate.models, striate.callbacks.ProgressBar
held = next(line for line in open("/proc/self/status") if line.startswith("VmData"))
limit = 1024 * int(held.split()[1]) + 400_000_000
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
cli.main()
"""


def limited(*words):
    """striate train digits ... in a process that may take 400 MB more."""
    command = [sys.executable, "-c", LIMITED, "train", "digits", "--set", "filters=256", *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=180, env=environment, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")
def test_a_training_that_does_not_fit_ends_with_5_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = limited("--batch-size", "1200")
    assert done.returncode == 5, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("train: must have memory for batches of 1200. Got ")
    assert "left to the process's data" in last
    assert "The largest batch that fits is " in last
    assert not Path("runs").exists()


def test_auto_becomes_a_number_that_all_else_follows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = []
    run = train("digits", batch_size="auto", epochs=1, say=said.append)
    own = read_settings(run.folder)
    assert own["batch_size"] == 1297
    [sentence] = [each for each in said if each.startswith("Batches of ")]
    assert sentence.startswith("Batches of 1297, all there are: a step needs ")
    assert sentence.endswith("a smaller batch may learn better.")
    assert own["learning_rate"] == pytest.approx(0.05 * (1297 / 32) ** 0.5)
    again = train("digits", batch_size=1297, epochs=1)
    assert again.history.history == run.history.history
    log = (run.folder / "log.jsonl").read_text().splitlines()
    assert sentence in json.loads(log[0])["notes"]


@pytest.mark.long
def test_folds_have_one_batch(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = []
    train("digits", batch_size="auto", epochs=1, folds=2, say=said.append)
    assert sum(each.startswith("Batches of ") for each in said) == 1
    sizes = {read_settings(each.parent)["batch_size"] for each in Path().glob("runs/*/*/*/*.toml")}
    assert len(sizes) == 1


def test_the_search_for_a_rate_has_it_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = find_rate(TrainOptions(data="digits", batch_size="auto", filters=4))
    assert json.loads((found.folder / "lr_find.json").read_text())["batch_size"] == 1297


def test_a_stopped_run_of_auto_goes_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def stop(sentence):
        if sentence.startswith("Scoring"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("digits", batch_size=300, epochs=1, say=stop)
    run = train("digits", batch_size="auto", epochs=1, on_oom="stop", resume="auto")
    assert run.folder.name == "digits-1"
    assert read_settings(run.folder)["batch_size"] == 300


def test_try_may_be_said_when_a_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = train("digits", batch_size=300, epochs=1)
    assert train("digits", on_oom="try", resume=run.folder).folder == run.folder
    with pytest.raises(ArgumentError, match="on_oom: stop → accumulate"):
        train("digits", on_oom="accumulate", resume=run.folder)
