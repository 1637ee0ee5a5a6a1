"""Labelled pictures from folders and named sets: parts, sizes, what is said, what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from striate import datasets
from striate.errors import ArgumentError, DataError
from striate.tasks.options import TrainOptions
from striate.tasks.pictures import class_data
from tests.tasks.conftest import draw


def open_class_data(data, **options):
    return class_data.open_class_data(data, TrainOptions(**options))


def test_a_plain_folder_is_split_in_two(red_and_blue):
    root = red_and_blue(count=10)
    data = open_class_data(root)
    assert data.class_names == ("blue", "red")
    assert {part: len(content) for part, content in data.parts.items()} == {
        "train": 16,
        "validation": 4,
    }
    assert data.held_out == "validation"
    assert np.bincount(data.parts["validation"].labels).tolist() == [2, 2]
    names = [*data.parts["train"].names, *data.parts["validation"].names]
    assert len(set(names)) == 20
    assert data.name == "pets"
    assert data.input_shape == (20, 20, 3)


def test_pictures_and_labels_belong_together(red_and_blue):
    data = open_class_data(red_and_blue(count=5))
    for part in data.parts.values():
        images, targets, _ = part.source.fetch(np.arange(len(part)))
        assert targets.tolist() == part.labels.tolist()
        is_red = images[..., 0].float().mean(dim=(1, 2)) > 150
        assert is_red.tolist() == [bool(label) for label in part.labels]
        assert [name.startswith("red/") for name in part.names] == is_red.tolist()


def test_the_seed_decides_what_is_held_out(red_and_blue):
    root = red_and_blue(count=20)
    held = [open_class_data(root, seed=seed).parts["validation"].names for seed in (0, 0, 1)]
    assert held[0] == held[1]
    assert held[0] != held[2]


def test_parts_of_a_folder_are_taken_as_they_are(red_and_blue):
    for part, count in (("train", 10), ("val", 3), ("test", 2)):
        red_and_blue(f"set/{part}", count)
    root = red_and_blue("set/train", 10).parent
    data = open_class_data(root)
    counts = {part: len(content) for part, content in data.parts.items()}
    assert counts == {"train": 20, "validation": 6, "test": 4}
    assert data.held_out == "test"
    assert "6 to validate (the data's own), 4 to test (the data's own)" in data.found[-1]


def test_beside_a_test_part_a_tenth_is_held_out(red_and_blue):
    for part, count in (("train", 20), ("test", 2)):
        root = red_and_blue(f"set/{part}", count).parent
    data = open_class_data(root)
    counts = {part: len(content) for part, content in data.parts.items()}
    assert counts == {"train": 36, "validation": 4, "test": 4}
    assert list(open_class_data(root, validation=0.0).parts) == ["train", "test"]


def test_what_was_found_is_said(red_and_blue):
    root = red_and_blue(count=5)
    (root / "red" / "notes.txt").write_text("x")
    data = open_class_data(root)
    assert data.found == (
        f'Data: "{root}", format folder, as it holds 2 class folders: "blue", "red".',
        "10 pictures, 20 × 24 pixels, colour, 2 classes (blue 5, red 5).",
        f'Skipped "{root / "red" / "notes.txt"}": no picture: its name ends with ".txt".',
        "Size: 20 × 20 pixels, as half of them have 20 or more on their shorter side; each side is "
        "scaled by itself.",
        "Parts: 8 to train, 2 to validate (20% of each class).",
    )


def test_the_manifest_lists_every_file(red_and_blue):
    root = red_and_blue(count=5)
    manifest = json.loads(json.dumps(open_class_data(root).manifest))
    listed = [file for part in manifest["parts"].values() for file in part["files"]]
    assert sorted(listed) == sorted(p.relative_to(root).as_posix() for p in root.rglob("*.png"))
    assert manifest["class_names"] == ["blue", "red"]


@pytest.mark.parametrize(
    ("size", "wanted", "side"),
    [((300, 400), None, 128), ((6, 9), None, 16), ((50, 40), None, 40), ((50, 40), 24, 24)],
)
def test_the_side_follows_the_pictures(tmp_path, size, wanted, side):
    for name in ("a", "b"):
        for number in range(2):
            draw(tmp_path / name / f"{number}.png", (9, 9, 9), size=size, seed=ord(name) + number)
    data = open_class_data(tmp_path, size_px=wanted)
    assert data.input_shape == (side, side, 3)
    assert data.preprocess.size == (side, side)


def test_grey_pictures_stay_grey(red_and_blue):
    assert open_class_data(red_and_blue(mode="L", count=3)).input_shape == (20, 20, 1)


def test_a_named_set_keeps_its_own_test_part():
    data = open_class_data("digits")
    (x, _), (x_test, y_test) = datasets.digits.load_data()
    images, labels, _ = data.parts["test"].source.fetch(np.arange(355))
    assert np.array_equal(images.numpy()[..., 0], x_test)
    assert labels.tolist() == y_test.tolist()
    seen = np.concatenate(
        [
            data.parts[part].source.fetch(np.arange(len(data.parts[part])))[0].numpy()
            for part in ("train", "validation")
        ]
    )
    assert len(seen) == len(x)
    assert seen.sum() == x.sum()
    assert data.preprocess.apply(images).max() == pytest.approx(1.0)


def test_a_name_is_a_data_set_even_beside_a_folder_of_that_name(
    tmp_path, monkeypatch, red_and_blue
):
    red_and_blue("digits", 3)
    monkeypatch.chdir(tmp_path)
    data = open_class_data("digits")
    assert data.manifest["kind"] == "data set"
    words = 'The data set was taken, not "digits" in this folder: that one is ./digits.'
    assert data.found[-1] == words
    data = open_class_data("./digits")
    assert data.manifest["kind"] == "folder"
    (tmp_path / "digits").rename(tmp_path / "pets")
    assert words not in open_class_data("digits").found


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "holiday").mkdir()
    words = r'Data "digist": must be a folder, table or archive, or name .*: cifar10, .* Got noth'
    with pytest.raises(DataError, match=words + r'ing of that name here\. Nearest: "digits"'):
        open_class_data("digist")
    with pytest.raises(DataError, match='Nearest: "holiday"'):
        open_class_data("holidays")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"size_px": 4}, ArgumentError, "`size_px` must be a whole number of at least 8"),
        ({"validation": 1.0}, ArgumentError, "`validation` must be a fraction"),
        ({"validation": 0.0}, ArgumentError, "train: `validation` must be above 0 where"),
    ],
)
def test_numbers_out_of_their_range(red_and_blue, arguments, error, words):
    with pytest.raises(error, match=words):
        open_class_data(red_and_blue(count=2), **arguments)


def test_a_named_set_has_its_own_size():
    with pytest.raises(ArgumentError, match="train: `size` must be 8 for digits"):
        open_class_data("digits", size_px=16)


def test_folders_that_cannot_be_classified(tmp_path):
    with pytest.raises(DataError, match="must be an existing folder"):
        open_class_data(tmp_path / "nowhere")
    draw(tmp_path / "one" / "only" / "1.png", (0, 0, 0))
    with pytest.raises(DataError, match="must be in one of the formats folder, table"):
        open_class_data(tmp_path / "one")
    with pytest.raises(DataError, match=r'must have at least 2 class folders. Got only "only"'):
        open_class_data(tmp_path / "one", format="folder")
    for name in ("a", "b"):
        draw(tmp_path / "few" / name / "1.png", (0, 0, 0), seed=ord(name))
    with pytest.raises(DataError, match="must have at least 2 pictures in one of its class"):
        open_class_data(tmp_path / "few")
    Image.new("RGB", (9, 9)).save(tmp_path / "few" / "a" / "2.png")
    (tmp_path / "few" / "b" / "2.png").write_bytes(b"GIF89a")
    with pytest.raises(
        DataError, match=r"must hold pictures that can be read. Got 1 of 4 .*2\.png"
    ):
        open_class_data(tmp_path / "few")
