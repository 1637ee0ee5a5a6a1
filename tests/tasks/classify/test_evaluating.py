"""evaluate: the same scores again, on other data too; what cannot be scored is refused."""

import json
import shutil

import numpy as np
import pytest

import striate
from striate.errors import DataError, WeightsError
from striate.tasks.classify import evaluate, train

from ..conftest import draw


@pytest.fixture(scope="module")
def colours(tmp_path_factory):
    root = tmp_path_factory.mktemp("colours")
    for number in range(20):
        draw(root / "pets" / "blue" / f"{number}.png", (0, 0, 200), seed=number)
        draw(root / "pets" / "red" / f"{number}.png", (200, 0, 0), seed=100 + number)
    return train(root / "pets", epochs=2, batch_size=8, runs=root / "runs")


def test_a_run_on_a_named_set_is_scored_again(digits_run):
    run, _ = digits_run
    assert evaluate(run.folder) == run.scores


def test_a_run_on_a_folder_is_scored_again_and_left_alone(colours):
    run = colours
    before = sorted(run.folder.rglob("*"))
    assert evaluate(run.folder) == run.scores
    assert sorted(run.folder.rglob("*")) == before


def test_other_data_is_matched_by_the_names_of_its_classes(colours, tmp_path):
    run = colours
    draw(tmp_path / "new" / "red" / "1.png", (220, 0, 0))
    scores = evaluate(run.folder, tmp_path / "new")
    assert (scores.part, scores.pictures, scores.accuracy) == ("new", 1, 1.0)
    assert [each.pictures for each in scores.classes] == [0, 1]


def test_the_test_part_of_other_data_is_taken(digits_run):
    run, _ = digits_run
    scores = evaluate(run.folder, "digits")
    assert scores.part == "digits test"
    assert scores.confusion == run.scores.confusion


def test_other_classes_are_refused(colours, tmp_path):
    run = colours
    draw(tmp_path / "new" / "rad" / "1.png", (220, 0, 0))
    words = 'must have classes that the run knows: blue, red. Got "rad". The nearest .* "red"'
    with pytest.raises(DataError, match=words):
        evaluate(run.folder, tmp_path / "new")
    with pytest.raises(DataError, match="must have pictures of the run's size and channels"):
        evaluate(run.folder, "digits")


def test_held_out_pictures_that_are_gone_are_named(colours, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(colours.folder, folder)
    manifest = json.loads((folder / "data_manifest.json").read_text())
    gone = tmp_path / "moved" / manifest["parts"]["validation"]["files"][0]
    (folder / "data_manifest.json").write_text(
        json.dumps(manifest | {"root": str(tmp_path / "moved")})
    )
    with pytest.raises(DataError, match=f'must find its 8 held-out .* such as "{gone}"'):
        evaluate(folder)


@pytest.mark.parametrize(
    "change", [{"held_out": "x"}, {"kind": "folder"}, {"validation_fraction": "x"}]
)
def test_a_manifest_that_was_changed_is_refused(digits_run, tmp_path, change):
    folder = tmp_path / "run"
    shutil.copytree(digits_run[0].folder, folder)
    manifest = json.loads((folder / "data_manifest.json").read_text())
    (folder / "data_manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(DataError, match=r"must hold a data_manifest.json as striate train writes"):
        evaluate(folder)


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"must be a folder .* Got no such folder"):
        evaluate(tmp_path / "nowhere")
    model = striate.Sequential([striate.Input((8, 8, 1)), striate.layers.Flatten()])
    model.save(tmp_path / "bare")
    words = "must hold labels.txt and preprocess.json with size and channels. Got none"
    with pytest.raises(WeightsError, match=words):
        evaluate(tmp_path / "bare", "digits")
    fixed = striate.records.Preprocess(size=(8, 8), channels=1)
    model.save(tmp_path / "three", labels=["a", "b", "c"], preprocess=fixed)
    with pytest.raises(WeightsError, match=r"must name each of its 64 outputs .* Got 3 names"):
        evaluate(tmp_path / "three", "digits")


def test_a_model_folder_is_scored_on_named_data(digits_run):
    run, _ = digits_run
    scores = evaluate(run.folder / "model", "digits")
    assert np.array_equal(scores.confusion, run.scores.confusion)
