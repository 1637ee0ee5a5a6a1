"""predict: what the saved model says, in the order of the files; failures stand beside."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

import striate
from striate.errors import ArgumentError, DataError
from striate.tasks.classify import open_classifier, predict, predict_each


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
    temperature = open_classifier(run.folder).temperature or 1.0
    p = np.power(p, 1 / temperature)
    p /= p.sum(axis=1, keepdims=True)
    assert [each.file for each in found] == list(map(str, paths))
    assert [each.label for each in found] == [str(row.argmax()) for row in p]
    assert [each.probability for each in found] == pytest.approx(list(p.max(axis=1)), abs=1e-5)
    assert [each.labels for each in found] == [each.top[:1] for each in found]
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


def grey(path, value):
    Image.new("L", (4, 4), value).save(path)
    return path


def test_several_labels_are_all_those_from_the_threshold_on(net, tmp_path):
    made = net("sigmoid", 6)
    paths = [grey(tmp_path / f"{value}.png", value) for value in (0, 120, 255)]
    images = np.array([np.full((4, 4, 1), value, np.uint8) for value in (0, 120, 255)])
    for threshold in (0.3, 0.5, 0.999999):
        found = predict(made.folder, paths, threshold=threshold, top=2)
        for each, row in zip(found, made.probabilities(images), strict=True):
            order = np.argsort(-row)
            assert [name for name, _ in each.labels] == [
                made.names[number] for number in order if row[number] >= threshold
            ]
            assert [p for _, p in each.labels] == pytest.approx(
                [row[number] for number in order if row[number] >= threshold], abs=1e-5
            )
            assert len(each.top) == 2
            assert each.label == made.names[order[0]]


def test_bytes_views_and_a_temperature(net, tmp_path, rng):
    made = net(temperature=2.0)
    pixels = rng.integers(0, 256, (4, 4, 1), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0]).save(file, "PNG")
    (found,) = predict(made.folder, [file.getvalue()], top=3)
    assert found.file == "-"
    row = made.probabilities(pixels[None])[0]
    assert dict(found.top) == pytest.approx(dict(zip(made.names, row, strict=True)), abs=1e-5)
    (seen,) = predict(made.folder, [file.getvalue()], tta=True)
    assert seen.probability != pytest.approx(found.probability, abs=1e-4)
    (broken,) = predict(made.folder, [file.getvalue()[:50]])
    assert broken.error.startswith('Picture "-": must be a whole, undamaged picture.')


def test_a_folder_without_pictures_does_not_stop_the_others(net, tmp_path):
    (tmp_path / "empty").mkdir()
    good = grey(tmp_path / "a.png", 9)
    empty, whole = predict(net().folder, [tmp_path / "empty", good])
    assert "must hold pictures. Got none" in empty.error
    assert whole.error is None


def test_answers_come_before_all_names_are_asked_for(net, tmp_path):
    path = grey(tmp_path / "a.png", 9)
    asked = []

    def endless():
        while True:
            asked.append(path)
            yield path

    threads = threading.active_count()
    answers = predict_each(open_classifier(net().folder), endless())
    assert asked == []
    for number, answer in zip(range(500), answers, strict=False):
        assert answer.label is not None
        assert len(asked) <= number // 64 * 64 + 192
    answers.close()
    assert threading.active_count() == threads


def test_what_is_left_out_of_a_folder_is_told(net, tmp_path):
    (tmp_path / "in").mkdir()
    grey(tmp_path / "in" / "a.png", 9)
    (tmp_path / "in" / "notes.txt").touch()
    said = []
    (answer,) = predict_each(open_classifier(net().folder), [tmp_path / "in"], say=said.append)
    assert answer.error is None
    assert "notes.txt" in said[0]


def test_further_frames_are_told_of(net, tmp_path):
    frames = [Image.new("L", (8, 8), value) for value in (9, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    grey(tmp_path / "b.png", 9)
    moving, still = predict(net().folder, [tmp_path / "a.gif", tmp_path / "b.png"])
    assert moving.note == "holds several frames; the first one is read"
    assert still.note is None
    assert moving.top == still.top


def test_odd_names_are_given_back_as_they_are(net, tmp_path):
    odd = [tmp_path / "two\nlines.png", tmp_path / "a b.png", tmp_path / "\udcff.png"]
    for path in odd:
        grey(path, 9)
    assert [each.file for each in predict(net().folder, odd)] == list(map(str, odd))


def test_errors(net):
    folder = net().folder
    with pytest.raises(ArgumentError, match="predict: `top` must be a whole number of at least 1"):
        predict(folder, ["x.png"], top=0)
    with pytest.raises(ArgumentError, match="predict: `threshold` must be a number from 0 to 1"):
        predict(folder, ["x.png"], threshold=1.5)
    with pytest.raises(DataError, match=r"predict: must be told which pictures .* Got nothing"):
        predict(folder, [])
