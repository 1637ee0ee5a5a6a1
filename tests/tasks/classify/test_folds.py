"""Folds: every run in one folder, each picture held out once, the summary beside them."""

import json

import pytest

from striate.tasks.classify import train


def test_runs_and_summary(red_and_blue, tmp_path):
    said = []
    run = train(
        red_and_blue(count=8), folds=2, epochs=1, batch_size=8, runs=tmp_path, say=said.append
    )
    folder = tmp_path / "classify" / "pets-folds-1"
    assert sorted(path.name for path in folder.iterdir()) == ["fold-1-1", "fold-2-1", "folds.json"]
    assert run.folder == folder / "fold-2-1"
    assert run.folds.folder == folder
    summary = json.loads((folder / "folds.json").read_text())
    assert summary["accuracies"] == list(run.folds.accuracies)
    assert run.folds.accuracies[1] == run.scores.accuracy
    held = [
        json.loads((folder / name / "data_manifest.json").read_text())["parts"]["validation"]
        for name in summary["runs"]
    ]
    files = [file for each in held for file in each["files"]]
    assert len(files) == len(set(files)) == 16
    assert len(said) == len(set(said))
    assert said[-1].startswith("Accuracy over 2 folds: ")


def test_one_fold_alone_is_the_same_run(red_and_blue, tmp_path):
    root = red_and_blue(count=6)
    options = {"folds": 2, "epochs": 1, "batch_size": 4, "precision": "float32"}
    both = train(root, runs=tmp_path / "a", **options)
    alone = train(root, runs=tmp_path / "b", fold=2, **options)
    assert alone.folder == tmp_path / "b" / "classify" / "pets-1"
    for name, weight in both.model.state_dict().items():
        assert weight.equal(alone.model.state_dict()[name]), name
    assert alone.scores.accuracy == pytest.approx(both.folds.accuracies[1])
