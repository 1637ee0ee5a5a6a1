"""Picture files of any format: parts, labels, duplicates, groups, what is left out."""

import csv
import shutil

import numpy as np
import pytest

from striate.errors import DataError
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.picture_data import picture_data
from tests.tasks.conftest import draw


def test_same_files_are_never_divided(red_and_blue):
    root = red_and_blue(count=20)
    for number in range(10):
        shutil.copy(root / "red" / f"{number}.png", root / "red" / f"again{number}.png")
    data = picture_data(str(root), TrainOptions(validation=0.3))
    hashes = [set(data.manifest["parts"][part]["sha256"]) for part in ("train", "validation")]
    assert not hashes[0] & hashes[1]
    assert data.warnings == ()
    assert sum(len(part) for part in data.parts.values()) == 50


def test_a_repeated_test_picture_is_warned_of(red_and_blue):
    for part, count in (("train", 10), ("test", 3)):
        root = red_and_blue(f"set/{part}", count).parent
    data = picture_data(str(root), TrainOptions())
    assert data.warnings[0].startswith("6 test pictures are in the training part too")


def test_several_labels_and_none(tmp_path):
    rows = [("1.png", "cat|dog"), ("2.png", ""), ("3.png", "dog"), ("4.png", "cat"), ("5.png", "")]
    with (tmp_path / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "labels"), *rows])
    for number, (name, _) in enumerate(rows):
        draw(tmp_path / name, (9, 9, 9), seed=number)
    data = picture_data(str(tmp_path / "t.csv"), TrainOptions(validation=0.4))
    assert data.several
    assert data.class_names == ("cat", "dog")
    truth = {
        name: row.tolist()
        for part in data.parts.values()
        for name, row in zip(part.names, part.labels, strict=True)
    }
    assert truth["1.png"] == [1, 1]
    assert truth["2.png"] == [0, 0]
    images, targets, _ = data.parts["train"].source.fetch(np.arange(2))
    assert targets.shape == (2, 2)
    assert targets.is_floating_point()
    listed = data.manifest["parts"]["train"]["labels"]
    assert all(isinstance(each, list) for each in listed)
    assert len(images) == 2


def test_folds_hold_each_picture_out_once_and_leave_other_parts_aside(red_and_blue):
    for part, count in (("train", 9), ("val", 2), ("test", 2)):
        root = red_and_blue(f"set/{part}", count).parent
    held = []
    for fold in (1, 2, 3):
        data = picture_data(str(root), TrainOptions(folds=3, fold=fold))
        assert list(data.parts) == ["train", "validation"]
        assert data.held_out == "validation"
        held += data.parts["validation"].names
    assert len(held) == len(set(held)) == 18


def test_the_name_of_data_is_text_in_utf8(red_and_blue):
    assert picture_data(str(red_and_blue("caf\udce9", 4)), TrainOptions()).name == "caf?"


def test_bad_pictures_are_skipped_on_demand(red_and_blue):
    root = red_and_blue(count=6)
    (root / "red" / "1.png").write_bytes(b"no picture")
    torn = root / "blue" / "2.png"
    torn.write_bytes(torn.read_bytes()[:-200])
    with pytest.raises(DataError, match=r"Got 2 of 12 that cannot be read.*blue/2\.png.*red/1"):
        picture_data(str(root), TrainOptions())
    data = picture_data(str(root), TrainOptions(on_bad_image="skip"))
    assert sum(len(part) for part in data.parts.values()) == 10
    assert [why.split("/")[-1] for why, _ in data.manifest["left_out"]] == ["2.png", "1.png"]
    assert "Left out 2 of 12 pictures that cannot be used:" in data.found


def test_boxes_and_masks_are_no_classes(tmp_path):
    draw(tmp_path / "images" / "a.png", (9, 9, 9))
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    (tmp_path / "data.yaml").write_text("train: images\nval: images\nnames: [cat]\n")
    with pytest.raises(DataError, match=r"say which classes are on each picture. Got boxes around"):
        picture_data(str(tmp_path), TrainOptions())
