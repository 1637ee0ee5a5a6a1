from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from striate.data.boxes import Box, BoxTable
from striate.data.index import PictureIndex
from striate.data.paths import PathList
from striate.data.ragged import Ragged
from striate.errors import ArgumentError

PATHS = PathList("r", ["a.png", "b.png", "c.png"])
SIZES = np.array([[3, 4], [5, 6], [7, 8]], np.int32)
TARGETS = {
    "labels": np.array([1, 0, 1]),
    "label_sets": Ragged.of([[0, 1], [], [1]]),
    "boxes": BoxTable.of([[Box((0, 0, 1, 1), 1)], [], [Box((0, 0, 2, 2), 1)]]),
    "masks": PathList("r", ["a_mask.png", "b_mask.png", "c_mask.png"]),
}


def index(kind, **others):
    sizes = {"sizes_px": SIZES} if kind == "boxes" else {}
    targets = {kind: TARGETS[kind]} if kind else {}
    return PictureIndex(Path("r"), PATHS, ("cat", "dog"), **targets, **sizes, **others)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("labels", [1, 2]), ("label_sets", [1, 2]), ("boxes", [0, 2]), ("masks", [0, 0])],
)
def test_what_is_known(kind, counts):
    made = index(kind, class_ids=(7, 9))
    assert (len(made), made.kind, made.format, made.why) == (3, kind, "folder", "")
    assert made.counts == dict(zip(("cat", "dog"), counts, strict=True))


def test_taking_takes_every_part():
    chosen = [2, 1]
    assert index("labels").take(chosen).labels.tolist() == [1, 0]
    sets = index("label_sets").take(np.array(chosen)).label_sets
    assert [sets[0].tolist(), sets[1].tolist()] == [[1], []]
    boxed = index("boxes", skipped=((Path("x"), "why"),)).take(iter(chosen))
    assert boxed.boxes.areas_px.tolist() == [4]
    assert boxed.sizes_px.tolist() == [[7, 8], [5, 6]]
    assert boxed.skipped == ((Path("x"), "why"),)
    masked = index("masks").take(chosen)
    assert [path.name for path in masked.masks] == ["c_mask.png", "b_mask.png"]
    assert [path.name for path in masked.paths] == ["c.png", "b.png"]


def test_masks_need_no_names():
    assert replace(index("masks"), class_names=()).counts == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": None}, r"`labels` must have one of labels, label_sets, boxes and masks\. Got"),
        ({"masks": TARGETS["masks"]}, r"Got labels='labels and masks'"),
        ({"labels": np.array([0])}, r"`labels` must have one row a picture, 3\. Got labels=1"),
        ({"labels": np.array([0, 1, 2])}, r"`labels` must be class numbers 0\.\.1\. Got"),
        ({"labels": np.array([0, -1, 1])}, r"Got labels='-1\.\.1'"),
        ({"class_ids": (1,)}, r"`class_ids` must have one number a class, 2\. Got"),
    ],
)
def test_parts_that_do_not_fit(change, words):
    with pytest.raises(ArgumentError, match=words):
        replace(index("labels"), **change)


def test_boxes_need_sizes():
    with pytest.raises(ArgumentError, match=r"`sizes_px` must have one row a picture, 3\. Got"):
        replace(index("boxes"), sizes_px=None)
