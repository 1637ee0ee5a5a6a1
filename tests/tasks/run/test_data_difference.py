"""How the data of a run differ from what is there now: in words, by name."""

import pytest

from striate.tasks.run.data_difference import data_difference


def manifest(**parts):
    """part -> {file: (content, label)}."""
    listed = {
        part: {
            "files": list(files),
            "sha256": [content for content, _ in files.values()],
            "labels": [label for _, label in files.values()],
        }
        for part, files in parts.items()
    }
    return {"parts": listed, "root": "here", "data_sha256": "0", "class_names": ["cat"]}


BEFORE = {"a.png": ("1", 0), "b.png": ("2", 1), "c.png": ("3", 0)}


def test_the_same_data_elsewhere_are_the_same():
    moved = {**manifest(train=BEFORE), "root": "there"}
    assert data_difference(manifest(train=BEFORE), moved) == ""


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({**BEFORE, "a.png": ("9", 0)}, "in train changed a.png"),
        ({**BEFORE, "a.png": ("1", 5)}, "in train changed a.png"),
        ({"b.png": ("2", 1), "c.png": ("3", 0)}, "in train missing a.png"),
        ({**BEFORE, "d.png": ("4", 0)}, "in train new d.png"),
        ({}, "in train missing a.png, b.png, c.png"),
        (
            {f"{n}.png": ("1", 0) for n in range(5)} | BEFORE,
            "in train new 0.png, 1.png, 2.png and 2 more",
        ),
    ],
)
def test_a_difference_is_named(after, words):
    assert data_difference(manifest(train=BEFORE), manifest(train=after)) == words


def test_parts_and_classes_count():
    was = manifest(train=BEFORE, test={"t.png": ("7", 0)})
    assert data_difference(was, manifest(train=BEFORE)) == "in test missing t.png"
    other = {**manifest(train=BEFORE), "class_names": ["dog"]}
    assert data_difference(manifest(train=BEFORE), other) == "other pictures or classes"
    arrays = [{"data_sha256": "1"}, {"data_sha256": "2"}]
    assert data_difference(*arrays) == "other pictures or classes"
