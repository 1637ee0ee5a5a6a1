"""What a command says of a finished run: lines or one document."""

import json

import pytest

from striate.cli.run_report import report
from striate.tasks.classify import train


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train("digits", epochs=1, filters=4, runs=tmp_path_factory.mktemp("my runs"))


def test_lines_to_output_and_advice_to_the_side(run, capsys):
    report(run)
    out, err = capsys.readouterr()
    assert out.startswith("\ntest: 355 pictures\naccuracy  ")
    assert f"run       {run.folder}\npicture   {run.folder / 'batch0.png'}\n" in out
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
