"""What a command says of a finished run: lines or one document."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from striate.cli.run_report import report
from striate.tasks.classify import train
from striate.tasks.classify.fold_scores import summary_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train("digits", epochs=1, filters=4, runs=tmp_path_factory.mktemp("my runs"))


def test_lines_to_output_and_advice_to_the_side(run, capsys):
    report(run)
    out, err = capsys.readouterr()
    assert out.startswith("\ntest: 355 pictures\naccuracy  ")
    assert f"run       {run.folder}\nreport    {run.folder / 'report.html'}\npicture   " in out
    assert f"picture   {run.folder / 'batch0.png'}\n" in out
    assert "report.html first" in err
    assert f"striate predict '{run.folder}' FILES…" in err


def test_one_document(run, capsys):
    report(run, json=True)
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert err == ""
    assert document["folder"] == str(run.folder)
    assert document["accuracy"] == run.scores.accuracy
    assert "folds" not in document


def test_of_folds_the_mean_is_said_and_not_the_last_one_alone(run, capsys):
    folds = summary_of(Path("runs/pets-folds-1"), ["fold-1-1", "fold-2-1"], [0.75, 0.5])
    report(replace(run, folds=folds))
    out, _ = capsys.readouterr()
    assert out.splitlines() == [
        "",
        "2 folds",
        "accuracy  0.6250  (mean; its 95 % interval 0.0000 to 1.0000)",
        "",
        "fold  accuracy  run",
        "   1    0.7500  runs/pets-folds-1/fold-1-1",
        "   2    0.5000  runs/pets-folds-1/fold-2-1",
        "",
        "folds     runs/pets-folds-1",
    ]
    report(replace(run, folds=folds), json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["folds"], document["folds_mean"]) == ([0.75, 0.5], 0.625)
    assert document["folds_folder"] == "runs/pets-folds-1"
    assert document["folds_interval"] == [0.0, 1.0]
    assert document["accuracy"] == run.scores.accuracy
