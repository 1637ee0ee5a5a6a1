"""A run that was stopped goes on: the right one, with its own settings, on its own data."""

import json
import shutil
import signal
import tomllib

import pytest
import torch

import striate
from striate.errors import ArgumentError, DataError
from striate.io.sole_writer import SoleWriter
from striate.tasks.classify import train
from striate.tasks.run.run_log import read_events
from striate.train.callbacks import Callback

OPTIONS = {"epochs": 3, "batch_size": 8, "filters": 4, "precision": "float32"}


class Signal(Callback):
    """Sends a signal in a step of the run."""

    def __init__(self, step, number=signal.SIGINT):
        self.left, self.number = step, number

    def settings(self):
        return None

    def on_train_batch_begin(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(self.number)


def stopped(data, runs, step=5, number=signal.SIGINT, **options):
    """The folder of a run that a signal has stopped."""
    ends = KeyboardInterrupt if number == signal.SIGINT else SystemExit
    with pytest.raises(ends):
        train(data, runs=runs, callbacks=[Signal(step, number)], **{**OPTIONS, **options})
    return max((runs / "classify").iterdir(), key=lambda folder: folder.stat().st_mtime_ns)


def weights(folder):
    return (folder / "model" / "model.safetensors").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_as_one_that_was_not(red_and_blue, tmp_path, number):
    data, said = red_and_blue(count=12), []
    whole = train(data, runs=tmp_path / "whole", **OPTIONS)
    folder = stopped(data, tmp_path / "runs", number=number)
    assert not (folder / "scores.json").exists()
    run = train(data, resume=folder, say=said.append)
    assert run.folder == folder
    assert weights(folder) == weights(whole.folder)
    for name in ("metrics.jsonl", "scores.json", "calibration.json", "config.toml"):
        ours = (folder / name).read_text().replace(f'"{tmp_path}/runs"', f'"{tmp_path}/whole"')
        assert ours == (whole.folder / name).read_text(), name
    assert run.history.history == whole.history.history
    assert f"The run {folder} is resumed." in said
    assert any(
        each.startswith("The run goes on after step 2 of epoch 2, as saved in") for each in said
    )
    events = [row["event"] for row in read_events(folder)]
    assert [e for e in events if e not in ("epoch", "saved")] == [
        "begun",
        "stopped",
        "resumed",
        "finished",
    ]
    by = next(row["by"] for row in read_events(folder) if row["event"] == "stopped")
    assert by == {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}[number]


def test_a_finished_run_says_so(tmp_path):
    run = train("digits", epochs=1, filters=4, runs=tmp_path)
    said, before = [], (run.folder / "log.jsonl").read_bytes()
    again = train("digits", resume=run.folder, say=said.append)
    assert said == [f"The run {run.folder} is finished: there is nothing left to do."]
    assert again.scores == run.scores
    assert again.history.history == run.history.history
    assert again.history.epoch == [0]
    first, second = run.model.state_dict(), again.model.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (run.folder / "log.jsonl").read_bytes() == before


def test_auto_takes_the_newest_of_the_same_settings_and_data(red_and_blue, tmp_path):
    data, said = red_and_blue(count=12), []
    runs = tmp_path / "runs"
    options = {**OPTIONS, "runs": runs, "resume": "auto"}
    other = stopped(data, runs, seed=1)
    first, second = stopped(data, runs), stopped(data, runs)
    run = train(data, **options)
    assert run.folder == second
    assert train(data, **options).folder == first
    run = train(data, **options, say=said.append)
    assert run.folder.name == "pets-4"
    assert "No run of these settings and data was stopped: a new one begins." in said
    assert not (other / "scores.json").exists()
    assert train(data, **options, seed=1).folder == other


def test_other_settings_are_refused_with_both(red_and_blue, tmp_path):
    data = red_and_blue(count=12)
    folder = stopped(data, tmp_path / "runs")
    with pytest.raises(ArgumentError, match=r"Got resume='epochs: 3 → 4; seed: 0 → 2'\. Leave"):
        train(data, resume=folder, epochs=4, seed=2, batch_size=8)
    assert train(data, resume=folder, epochs=3, balance="auto").folder == folder


def test_other_data_are_refused_by_name(red_and_blue, tmp_path):
    data = red_and_blue(count=12)
    folder = stopped(data, tmp_path / "runs")
    shutil.copy(data / "red" / "1.png", data / "red" / "new.png")
    (data / "blue" / "2.png").unlink()
    with pytest.raises(DataError, match=r"must be those of the run .*(new red/new|missing blue/2)"):
        train(data, resume=folder)
    said = []
    run = train(data, runs=tmp_path / "runs", resume="auto", say=said.append, **OPTIONS)
    assert run.folder != folder
    assert any("is not resumed, as its data are others now: in " in each for each in said)


def test_data_may_have_moved(red_and_blue, tmp_path):
    data = red_and_blue(count=12)
    folder = stopped(data, tmp_path / "runs")
    moved = data.rename(tmp_path / "elsewhere")
    assert train(moved, resume=folder).folder == folder


def test_a_run_that_was_killed_before_its_first_step_begins(tmp_path):
    run = train("digits", epochs=1, filters=4, runs=tmp_path / "whole")
    whole, folder = run.folder, tmp_path / "runs" / "classify" / "digits-1"
    shutil.copytree(whole, folder)
    for name in ("checkpoints", "model", "events"):
        shutil.rmtree(folder / name)
    (folder / "scores.json").unlink()  # the rest of a report that was not finished stays
    lines = (folder / "log.jsonl").read_text().splitlines()
    (folder / "log.jsonl").write_text(lines[0] + "\n")
    train("digits", resume=folder)
    assert weights(folder) == weights(whole)
    assert (folder / "metrics.jsonl").read_text() == (whole / "metrics.jsonl").read_text()


def test_a_run_killed_in_its_report_writes_it_anew(tmp_path):
    run = train("digits", epochs=1, filters=4, runs=tmp_path)
    scores = (run.folder / "scores.json").read_text()
    lines = (run.folder / "log.jsonl").read_text().splitlines(keepends=True)
    (run.folder / "log.jsonl").write_text("".join(lines[:-1]))
    (run.folder / "report.html").write_text("half")
    train("digits", resume=run.folder)
    assert (run.folder / "scores.json").read_text() == scores
    assert (run.folder / "report.html").stat().st_size > 10_000
    assert read_events(run.folder)[-1]["event"] == "finished"


def test_one_process_trains_a_run(red_and_blue, tmp_path):
    data = red_and_blue(count=12)
    folder = stopped(data, tmp_path / "runs")
    with SoleWriter(folder), pytest.raises(DataError, match="must be written by one process at a"):
        train(data, resume=folder)


def test_folds_are_resumed_one_by_one(red_and_blue, tmp_path):
    data = red_and_blue(count=12)
    options = {**OPTIONS, "epochs": 2, "folds": 2, "runs": tmp_path / "runs"}
    with pytest.raises(KeyboardInterrupt):
        train(data, callbacks=[Signal(5)], **options)
    (folds,) = (tmp_path / "runs" / "classify").iterdir()
    with pytest.raises(ArgumentError, match="`resume` must name one run where there are folds"):
        train(data, resume="auto", **options)
    with pytest.raises(DataError, match=r"be one run to be resumed\. Got 2 folds\. .*fold-2-1"):
        train(data, resume=folds)
    whole = train(data, **{**options, "fold": 2, "runs": tmp_path / "whole"})
    run = train(data, resume=folds / "fold-2-1")
    assert run.scores == whole.scores
    assert weights(run.folder) == weights(whole.folder)


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"must hold config\.toml\. Got No such file"):
        train("digits", resume=tmp_path)
    (tmp_path / "config.toml").write_text('task = "detect"\n')
    with pytest.raises(DataError, match="must hold the settings of a training of this version"):
        train("digits", resume=tmp_path)


def test_folds_without_a_run_are_refused(tmp_path):
    (tmp_path / "folds.json").write_text("{}")
    with pytest.raises(DataError, match=r"be one run to be resumed\. Got 0 folds\. Begin a new"):
        train("digits", resume=tmp_path)


def test_a_searched_rate_stays_what_it_was(tmp_path):
    data = "digits"
    options = {"learning_rate": "auto", "epochs": 1, "filters": 4, "runs": tmp_path}
    with pytest.raises(KeyboardInterrupt):
        train(data, callbacks=[Signal(5)], **options)
    folder = tmp_path / "classify" / "digits-1"
    rate = tomllib.loads((folder / "config.toml").read_text())["learning_rate"]
    run = train(data, resume="auto", **options)
    assert run.folder == folder
    assert tomllib.loads((folder / "config.toml").read_text())["learning_rate"] == rate
    assert json.loads((folder / "scores.json").read_text())["accuracy"] == run.scores.accuracy
    assert striate.load_model(folder).output.shape == (None, 10)
