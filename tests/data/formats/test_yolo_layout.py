from pathlib import Path

import pytest

from striate.data.formats.yolo_layout import yolo_clue, yolo_layout
from striate.errors import DataError


@pytest.fixture
def make(tmp_path):
    """make({"data.yaml": text, "images/": …}) writes files and folders; returns their folder."""

    def files(contents):
        for name, text in contents.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir(parents=True, exist_ok=True) if name[-1] == "/" else path.write_text(text)
        return tmp_path / "data"

    return files


def layout(root, **more):
    """(classes, {part: places below the root}, missing) of a layout."""
    found = yolo_layout(root, **more)
    places = {
        part: [Path(*place.parts[len(root.parts) :]).as_posix() for place in each]
        for part, each in found.places.items()
    }
    return found.names, places, [path.name for path, _ in found.missing]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("[cat, no]", {0: "cat", 1: "no"}),
        ("{0: cat, 1: 007}", {0: "cat", 1: "007"}),
        ("{90: dog, 1: cat}", {1: "cat", 90: "dog"}),
    ],
)
def test_names(make, names, wanted):
    root = make({"data.yaml": f"train: a\nnames: {names}\n", "a/": ""})
    assert layout(root) == (wanted, {"train": ["a"]}, [])
    assert not yolo_layout(root).keypoints


@pytest.mark.parametrize(
    ("text", "train"),
    [
        ("train: images/train", ["images/train"]),
        ("path: images\ntrain: train", ["images/train"]),
        ("path: .\ntrain: [images/train, images/extra]", ["images/train", "images/extra"]),
        ("train: ../images/train", ["images/train"]),
        ("path: /nowhere\ntrain: images/train", ["images/train"]),
        ("train: list.txt", ["list.txt"]),
    ],
)
def test_places(make, text, train):
    root = make(
        {"a.yml": f"{text}\nnames: [a]\n", "list.txt": "", "images/train/": "", "images/extra/": ""}
    )
    _, places, missing = layout(root)
    assert (places, missing) == ({"train": train}, [])


def test_parts_that_are_not_there_are_missing(make):
    text = "train: a\nval: b\ntest:\nnc: 1\nnames: [x]\nkpt_shape: [17, 3]"
    root = make({"data.yaml": text, "a/": ""})
    assert layout(root) == ({0: "x"}, {"train": ["a"]}, ["b"])
    assert yolo_layout(root).missing[0][1] == "the part val is not there"
    assert yolo_layout(root).keypoints


def test_data_yaml_comes_first(make):
    text = "train: a\nnames: [x]"
    root = make({"data.yaml": text, "other.yaml": text.replace("x", "y"), "a/": ""})
    assert layout(root)[0] == {0: "x"}
    assert layout(root)[0] != yolo_layout(root / "other.yaml").names
    (root / "data.yaml").rename(root / "more.yaml")
    words = r'must have one YAML file of classes\. Got "more.yaml", "other.yaml"\. Name the one to'
    with pytest.raises(DataError, match=words):
        yolo_layout(root)


def test_places_outside_are_not_there_where_they_may_not_be(make, tmp_path):
    (tmp_path / "out").mkdir()
    root = make({"data.yaml": "train: a\nval: ../out\nnames: [x]", "a/": ""})
    assert layout(root)[2] == []
    assert layout(root, inside=root)[2] == ["out"]
    (root / "out").symlink_to(tmp_path / "out")
    assert layout(root, inside=root)[2] == ["out"]


@pytest.mark.parametrize(
    ("places", "parts"),
    [
        (["images", "labels"], {"train": ["images"]}),
        (["images/train", "images/val", "labels/train", "labels/val"], ["train", "val"]),
        (["train/images", "train/labels", "valid/images", "valid/labels"], ["train", "val"]),
    ],
)
def test_layouts_without_a_yaml(make, places, parts):
    root = make({f"{place}/": "" for place in places})
    for place in places:
        if "labels" in place:
            make({f"{place}/a.txt": "0 0 0 0 0"})
    with pytest.raises(DataError, match=r"must name its classes\. Got no data\.yaml and no"):
        yolo_layout(root)
    make({"classes.txt": "cat\n\ndog\n"})
    names, found, _ = layout(root)
    assert names == {0: "cat", 1: "dog"}
    assert list(found) == list(parts)
    assert yolo_clue(root).why.endswith("hold pictures and text files of labels")


def test_class_names_may_lie_in_labels(make):
    root = make({"labels/classes.txt": "cat\n", "labels/a.txt": "", "images/": ""})
    assert layout(root) == ({0: "cat"}, {"train": ["images"]}, [])


def test_clues(make):
    root = make(
        {"compose.yaml": "services: {a: b}", "broken.yaml": "{", "images/": "", "labels/": ""}
    )
    assert yolo_clue(root) is None
    make({"labels/classes.txt": ""})
    assert yolo_clue(root) is None
    make({"my.yaml": "path: .\nnames: [a]"})
    assert yolo_clue(root).why == '"my.yaml" names classes and parts'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[a]", r"must hold names and parts\. Got list\. See YOLO's"),
        ("train: a", r"must name each class, once\. Got none\. Mend names in it"),
        ("train: a\nnames: x", r"must name each class, once\. Got none"),
        ("train: a\nnames: [x, x]", r"must name each class, once\. Got a name twice"),
        (
            "train: a\nnames: {x: y}",
            r"a number and a name of each class\. Got 'x': 'y'\. Mend",
        ),
        ("train: a\nnames: {0: [y]}", r"Got '0': \['y'\]"),
        ("train: a\nnames: {-1: y}", r"Got '-1': 'y'"),
        (
            "train: a\nnames: [x]\nnc: 2",
            r"as many names as nc says\. Got nc: 2, and 1 names",
        ),
        (
            "train: a\ntraining: a\nnames: [x]",
            r"must name the part train once\. Got training",
        ),
        ("train: gone\nnames: [x]", r"must have a part train\. Got no part\. Mend train: or path:"),
        ("val: a\nnames: [x]", r"must have a part train\. Got val\. Add train: to it\."),
    ],
)
def test_yaml_files_that_do_not_fit(make, text, words):
    root = make({"data.yaml": text, "a/": ""})
    with pytest.raises(DataError, match=rf'^File ".*data\.yaml": .*{words}'):
        yolo_layout(root / "data.yaml")


def test_a_folder_of_another_layout(make):
    with pytest.raises(DataError, match=r"must hold images/ and labels/, or a data\.yaml\. Got"):
        yolo_layout(make({"images/": ""}))
