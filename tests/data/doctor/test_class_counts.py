"""Classes that have too little, by their counts alone."""

from pathlib import Path

import numpy as np
import pytest

from striate.data import PathList, PictureIndex
from striate.data.doctor.class_counts import class_counts
from striate.data.doctor.look import FACTS
from striate.data.doctor.pictures import Pictures


def said(train, val=None):
    """(kind, text) of classes a, b, … with these counts."""
    indices = {}
    for part, counts in (("train", train), ("val", val)):
        if counts is not None:
            labels = np.repeat(np.arange(len(counts)), counts)
            paths = PathList(".", [f"{part}{number}.png" for number in range(len(labels))])
            indices[part] = PictureIndex(Path("."), paths, tuple("abc"), labels=labels)
    total = sum(map(len, indices.values()))
    pictures = Pictures(indices, False, np.zeros(total, FACTS), {})
    return [(each.kind, each.text) for each in class_counts(pictures)]


@pytest.mark.parametrize("counts", [(2, 2, 2), (19, 2, 2), (500, 51, 90)])
def test_nothing_is_said_of_enough(counts):
    assert said(counts, (1, 1, 1)) == []


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((5, 5, 0), ("empty_class", 'The class "c" has no picture in train.')),
        ((5, 1, 5), ("one_picture", 'The class "b" has one picture in train.')),
        (
            (20, 2, 5),
            ("imbalance", '"a" has 20 and "b" 2 in train: 10 times as many.'),
        ),
    ],
)
def test_too_little_is_named(counts, expected):
    assert said(counts) == [expected]


def test_a_class_that_another_part_has_not_is_named():
    assert said((5, 5, 5), (0, 3, 0)) == [("absent_class", 'The part val has none of "a", "c".')]
