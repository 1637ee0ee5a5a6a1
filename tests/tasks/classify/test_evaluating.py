"""evaluate: the same scores again, on other data too; what cannot be scored is refused."""

import csv
import hashlib
import json
import shutil

import numpy as np
import pytest
from PIL import Image

import striate
from striate.errors import ArgumentError, DataError, WeightsError
from striate.tasks.classify import evaluate, train
from striate.tasks.scoring.label_scores import LabelScores
from striate.tasks.scoring.predictions import read_predictions
from tests.tasks.conftest import draw


@pytest.fixture(scope="module")
def colours(tmp_path_factory):
    root = tmp_path_factory.mktemp("colours")
    for number in range(20):
        draw(root / "pets" / "blue" / f"{number}.png", (0, 0, 200), seed=number)
        draw(root / "pets" / "red" / f"{number}.png", (200, 0, 0), seed=100 + number)
    return train(root / "pets", epochs=2, batch_size=8, runs=root / "runs")


def test_a_run_on_a_named_set_is_scored_again(digits_run):
    run, _ = digits_run
    assert evaluate(run.folder).scores == run.scores


def test_a_run_on_a_folder_is_scored_again_and_left_alone(colours):
    run = colours
    before = sorted(run.folder.rglob("*"))
    assert evaluate(run.folder).scores == run.scores
    assert sorted(run.folder.rglob("*")) == before


def test_other_data_is_matched_by_the_names_of_its_classes(colours, tmp_path):
    run = colours
    draw(tmp_path / "new" / "red" / "1.png", (220, 0, 0))
    scores = evaluate(run.folder, tmp_path / "new").scores
    assert (scores.part, scores.pictures, scores.accuracy) == ("new", 1, 1.0)
    assert [each.pictures for each in scores.classes] == [0, 1]


def test_the_test_part_of_other_data_is_taken(digits_run):
    run, _ = digits_run
    scores = evaluate(run.folder, "digits").scores
    assert scores.part == "digits test"
    assert scores.confusion == run.scores.confusion


def test_other_classes_are_refused(colours, tmp_path):
    run = colours
    draw(tmp_path / "new" / "rad" / "1.png", (220, 0, 0))
    draw(tmp_path / "new" / "blue" / "1.png", (0, 0, 220))
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


def test_a_model_folder_is_scored_on_named_data(digits_run):
    run, _ = digits_run
    scores = evaluate(run.folder / "model", "digits").scores
    assert np.array_equal(scores.confusion, run.scores.confusion)


def tree(root):
    """Every file's path and content, and every folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in sorted(root.rglob("*"))
    }


def test_the_worst_answers_are_written_beside_the_run_and_not_into_the_data(colours, tmp_path):
    shutil.copytree(colours.folder, tmp_path / "run")
    for name, colour in (("red", (210, 0, 0)), ("blue", (0, 0, 190))):
        for number in range(3):
            draw(tmp_path / "new" / name / f"{number}.png", colour)
    draw(tmp_path / "new" / "red" / "wrong, really.png", (0, 0, 220))
    before = tree(tmp_path / "new")
    found = evaluate(tmp_path / "run", tmp_path / "new", worst=5)
    assert tree(tmp_path / "new") == before
    assert found.folder == tmp_path / "run" / "evaluations" / "new-1"
    assert evaluate(tmp_path / "run", tmp_path / "new", worst=1).folder.name == "new-2"
    assert sorted(path.name for path in found.folder.iterdir()) == [
        "predictions.safetensors",
        "scores.json",
        "worst.csv",
        "worst.png",
    ]
    assert [case.right for case in found.worst] == [False, True, True, True, True]
    with (found.folder / "worst.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    assert rows[0]["file"] == "red/wrong, really.png"
    assert (rows[0]["true"], rows[0]["said"], rows[0]["right"]) == ("red", "blue", "no")
    assert float(rows[0]["probability"]) == pytest.approx(
        1 - float(rows[0]["probability_of_true"]), abs=2e-6
    )
    scores = json.loads((found.folder / "scores.json").read_text(encoding="utf-8"))
    assert scores["accuracy"] == found.scores.accuracy == 6 / 7
    said = read_predictions(found.folder)
    assert said.scores() == found.scores
    file = tmp_path / "new" / said.names[0]
    assert said.hashes[0] == hashlib.sha256(file.read_bytes()).digest()
    with Image.open(found.folder / "worst.png") as image:
        assert np.asarray(image.convert("L")).std() > 10


def test_nothing_is_written_unless_it_is_asked_for(colours, tmp_path):
    before = tree(colours.folder)
    assert evaluate(colours.folder).folder is None
    assert tree(colours.folder) == before
    out = tmp_path / "a" / "new"
    assert evaluate(colours.folder, out=out).folder == out
    assert sorted(path.name for path in out.iterdir()) == ["predictions.safetensors", "scores.json"]
    assert tree(colours.folder) == before


def test_places_that_are_not_ours_are_refused_before_anything_is_computed(colours, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(ArgumentError, match="`out` must be a new or an empty folder"):
        evaluate(colours.folder, out=tmp_path / "full")
    with pytest.raises(ArgumentError, match="`out` must be a new or an empty folder"):
        evaluate(colours.folder, out=tmp_path / "full" / "mine.txt")
    with pytest.raises(DataError, match=r'under": must be writable\. Got ".*mine.txt" is no fold'):
        evaluate(colours.folder, "no such data", out=tmp_path / "full" / "mine.txt" / "under")
    with pytest.raises(ArgumentError, match=r"`out` must be named where the model is no run's"):
        evaluate(colours.folder / "model", "digits", worst=1)
    draw(tmp_path / "new" / "red" / "1.png", (220, 0, 0))
    with pytest.raises(ArgumentError, match=r"`out` must lie outside the data .*never written to"):
        evaluate(colours.folder, tmp_path / "new", out=tmp_path / "new" / "scores")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["red"]
    with pytest.raises(ArgumentError, match="`worst` must be a whole number of at least 0"):
        evaluate(colours.folder, worst=-1)
    assert sorted(path.name for path in (tmp_path / "full").iterdir()) == ["mine.txt"]


def test_a_table_of_several_labels_is_scored_as_numpy_scores_it(net, tmp_path, rng):
    made = net("sigmoid", 3)
    pixels = rng.integers(0, 256, (12, 4, 4, 1), dtype=np.uint8)
    truth = rng.integers(0, 2, (12, 3))
    rows = ["file,labels"]
    for number, (image, row) in enumerate(zip(pixels, truth, strict=True)):
        Image.fromarray(image[..., 0]).save(tmp_path / f"{number}.png")
        names = "|".join(made.names[each] for each in np.flatnonzero(row))
        rows.append(f"{number}.png,{names}")
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n")
    found = evaluate(made.folder, tmp_path / "table.csv", worst=12, out=tmp_path / "out")
    said = made.probabilities(pixels) >= 0.5
    assert isinstance(found.scores, LabelScores)
    assert found.scores.pictures == 12
    assert found.scores.accuracy == (said == truth).all(axis=1).mean()
    assert [each.pictures for each in found.scores.classes] == truth.sum(axis=0).tolist()
    with (tmp_path / "out" / "worst.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["file"].removesuffix(".png"))
            here = [made.names[each] for each in np.flatnonzero(truth[number])]
            assert row["true"] == "|".join(here)
            assert set(filter(None, row["said"].split("|"))) == {
                made.names[each] for each in np.flatnonzero(said[number])
            }


def test_labels_of_another_kind_are_refused(net, tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "table.csv").write_text("file,labels\na.png,class 0|class 1\n")
    words = r"must have one class for each picture\. Got label_sets \(table: "
    with pytest.raises(DataError, match=words):
        evaluate(net().folder, tmp_path / "table.csv")
    (tmp_path / "table.csv").write_text("file,label\na.png,class 0\ngone.png,class 0\n")
    with pytest.raises(DataError, match=r"must hold pictures and labels that can be used.*gone"):
        evaluate(net().folder, tmp_path / "table.csv")


def test_views_and_changed_pictures(colours, tmp_path):
    said = []
    assert evaluate(colours.folder, tta=True, say=said.append).scores.accuracy == 1.0
    assert said == []
    folder = tmp_path / "run"
    shutil.copytree(colours.folder, folder)
    manifest = json.loads((folder / "data_manifest.json").read_text())
    manifest["parts"]["validation"]["sha256"][0] = "00" * 32
    (folder / "data_manifest.json").write_text(json.dumps(manifest))
    evaluate(folder, say=said.append)
    assert said == ["1 of the 8 held-out pictures changed since the training."]


def test_what_lies_about_in_the_data_is_told(colours, tmp_path):
    draw(tmp_path / "new" / "red" / "1.png", (220, 0, 0))
    (tmp_path / "new" / "red" / "notes.txt").touch()
    said = []
    evaluate(colours.folder, tmp_path / "new", say=said.append)
    assert len(said) == 1
    assert "notes.txt" in said[0]


def test_pictures_that_the_run_was_trained_on_are_told(colours, tmp_path):
    manifest = json.loads((colours.folder / "data_manifest.json").read_text())
    root, said = colours.folder.parents[2] / "pets", []
    draw(tmp_path / "new" / "red" / "new.png", (220, 0, 0), seed=999)
    evaluate(colours.folder, tmp_path / "new", say=said.append)
    held = manifest["parts"]["validation"]["files"][0]
    shutil.copy(root / held, tmp_path / "new" / "red" / "held.png")
    evaluate(colours.folder, tmp_path / "new", say=said.append)
    assert said == []
    for number, name in enumerate(manifest["parts"]["train"]["files"][:2]):
        shutil.copy(root / name, tmp_path / "new" / "red" / f"{number}.png")
    evaluate(colours.folder, tmp_path / "new", say=said.append)
    words = "The run was trained on 2 of these 4 pictures: the scores are no measure of new ones."
    assert said == [words]
    evaluate(colours.folder / "model", tmp_path / "new", say=said.append)
    assert said == [words]
    shutil.copytree(colours.folder, tmp_path / "run")
    manifest["parts"]["train"]["sha256"][0] = "no digits"
    (tmp_path / "run" / "data_manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DataError, match=r"must hold a data_manifest.json as striate train writes"):
        evaluate(tmp_path / "run", tmp_path / "new")
