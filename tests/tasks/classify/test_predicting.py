"""predict: what the saved model says, in the order of the files; failures stand beside."""

import numpy as np
import pytest
from PIL import Image

import striate
from striate.errors import ArgumentError, DataError
from striate.tasks.classify import predict
from striate.tasks.classify.predicting import find_pictures


@pytest.fixture
def digit_files(tmp_path):
    _, (x, y) = striate.datasets.digits.load_data()
    paths = [tmp_path / f"{number:03}.png" for number in range(70)]
    for path, image in zip(paths, x, strict=False):
        Image.fromarray(image).save(path)
    return paths, x[:70], y[:70]


def test_each_file_gets_what_the_model_says(digits_run, digit_files):
    run, _ = digits_run
    paths, x, _ = digit_files
    found = predict(run.folder, paths, top=2)
    p = striate.load_model(run.folder).predict(x[..., None].astype("float32") / 255)
    assert [each.file for each in found] == list(map(str, paths))
    assert [each.label for each in found] == [str(row.argmax()) for row in p]
    assert [each.probability for each in found] == pytest.approx(list(p.max(axis=1)), abs=1e-5)
    for each, row in zip(found, p, strict=True):
        best = np.argsort(-row, kind="stable")[:2]
        assert [name for name, _ in each.top] == [str(number) for number in best]


def test_a_broken_file_does_not_stop_the_others(digits_run, digit_files, tmp_path):
    run, _ = digits_run
    paths, _, _ = digit_files
    broken = tmp_path / "broken.png"
    broken.write_bytes(paths[0].read_bytes()[:60])
    missing = tmp_path / "missing.png"
    whole, first, second, last = predict(run.folder, [paths[1], broken, missing, paths[2]])
    assert whole.error is None is last.error
    assert (first.label, first.probability, first.top) == (None, None, ())
    assert "broken.png" in first.error
    assert "No such file" in second.error
    only = predict(run.folder, [missing])
    assert [each.label for each in only] == [None]


def test_large_and_coloured_pictures_are_brought_to_the_model(digits_run, tmp_path):
    run, _ = digits_run
    Image.new("RGB", (500, 300), (250, 10, 10)).save(tmp_path / "red.jpg")
    (found,) = predict(run.folder, [tmp_path / "red.jpg"], top=99)
    assert len(found.top) == 10
    assert sum(probability for _, probability in found.top) == pytest.approx(1.0, abs=1e-5)


def test_folders_and_patterns_are_searched(tmp_path):
    for name in ("b.png", "a.JPG", "notes.txt", ".hidden.png", "sub/c.webp", ".cache/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "[1].png").touch()

    def names(*files):
        return [path.removeprefix(f"{tmp_path}/") for path in find_pictures(files)]

    assert names(tmp_path) == ["[1].png", "a.JPG", "b.png", "sub/c.webp"]
    assert names(f"{tmp_path}/*.png") == ["[1].png", "b.png"]
    assert names(f"{tmp_path}/**/*.webp") == ["sub/c.webp"]
    assert names(tmp_path / "[1].png") == ["[1].png"]
    assert names(tmp_path / "notes.txt", "nothing*") == ["notes.txt", "nothing*"]


def test_errors(digits_run, tmp_path):
    run, _ = digits_run
    with pytest.raises(ArgumentError, match="predict: `top` must be a whole number of at least 1"):
        predict(run.folder, ["x.png"], top=0)
    with pytest.raises(DataError, match=r"predict: must find pictures in what is named. Got"):
        predict(run.folder, [tmp_path])
    with pytest.raises(DataError, match="Got nothing"):
        predict(run.folder, [])
