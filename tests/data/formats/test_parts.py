import pytest

from striate.data.formats.parts import in_order, part_in, part_of, quoted, same_classes
from striate.errors import DataError


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("train", "train"),
        (" Training ", "train"),
        ("VAL", "val"),
        ("valid", "val"),
        ("validation", "val"),
        ("test", "test"),
        ("trains", None),
        ("", None),
        ("trainval", None),
    ],
)
def test_words_of_parts(word, part):
    assert part_of(word) == part


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("instances_train2017.json", "train"),
        ("Valid.csv", "val"),
        ("test-A.jsonl", "test"),
        ("train_and_test.json", None),
        ("training_train.json", "train"),
        ("annotations.json", None),
        ("constraint.json", None),
    ],
)
def test_names_of_files(name, part):
    assert part_in(name) == part


def test_train_comes_first_and_must_be_there():
    parts = in_order("Data", {"test": 1, "val": 2, "train": 3}, "Rename one.")
    assert list(parts.items()) == [("train", 3), ("val", 2), ("test", 1)]
    with pytest.raises(DataError, match=r"^Data: must have a part train\. Got val\. Rename one\.$"):
        in_order("Data", {"val": 2}, "Rename one.")
    with pytest.raises(DataError, match=r"Got no part\."):
        in_order("Data", {}, "Rename one.")


def test_other_classes_are_named():
    same_classes("Data", "ab", "ba")
    words = r'^Data: must have the classes of train/\. Got no "a"; "c", which train/ has not\. Give'
    with pytest.raises(DataError, match=words):
        same_classes("Data", "bc", "ab", of="train/")


def test_long_lists_are_cut():
    assert quoted("ab") == '"a", "b"'
    assert quoted(map(str, range(10))).endswith('"7" and 2 more')
