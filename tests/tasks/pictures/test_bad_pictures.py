"""Pictures that cannot be used: listed, or left out and named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from striate.data import PathList, PictureIndex
from striate.errors import DataError
from striate.tasks.pictures.bad_pictures import BadPictures


def index(count=8, faults=()):
    names = [f"{number}.png" for number in range(count)]
    labels = np.arange(count) % 2
    plain = PictureIndex(Path("pets"), PathList("pets", names), ("cat", "dog"), labels=labels)
    return replace(plain, faults=tuple(faults))


def test_good_data_stay_as_they_are():
    parts = {"train": index(), "test": index(2)}
    kept, left_out = BadPictures("pets", skip=False).without(parts, {"train": {}})
    assert [kept["train"].paths, kept["test"].paths] == [parts["train"].paths, parts["test"].paths]
    assert left_out == []
    assert BadPictures("pets", skip=False).sentences([], 10) == []


def test_bad_ones_are_left_out_with_their_labels_and_named():
    bad = BadPictures("pets", skip=True)
    parts = {"train": index(faults=[(Path("x.png"), "no such file")])}
    kept, left_out = bad.without(parts, {"train": {1: "torn pets/1.png", 6: "grey"}})
    assert kept["train"].labels.tolist() == [0, 0, 1, 0, 1, 1]
    assert kept["train"].faults == ()
    assert left_out == [
        ("x.png", "no such file"), ("pets/1.png", "torn pets/1.png"), ("pets/6.png", "grey"),
    ]  # fmt: skip
    head, *rows = bad.sentences(left_out, 9)
    assert head == "Left out 3 of 9 pictures that cannot be used:"
    assert rows == ['  "x.png": no such file.', "  torn pets/1.png", '  "pets/6.png": grey.']
    assert bad.sentences([("a", "b")] * 7, 9)[-1].startswith("  … and 2 more")


def test_they_end_the_run_with_their_list():
    bad = BadPictures("pets", skip=False)
    with pytest.raises(
        DataError, match=r"Got 1 of 8 that cannot be read: \"pets/1.png\": torn. Re"
    ):
        bad.without({"train": index()}, {"train": {1: "torn"}})
    with pytest.raises(DataError, match=r"Remove or replace them, .* skip. And 2 more."):
        bad.without({"train": index()}, {"train": dict.fromkeys(range(7), "torn")})


def test_a_part_must_keep_a_picture():
    bad = BadPictures("pets", skip=True)
    with pytest.raises(DataError, match="pets: must have a usable picture in the part train"):
        bad.without({"train": index(1)}, {"train": {0: "torn"}})
