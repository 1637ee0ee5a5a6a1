"""Holding out: the same share of each class, and what belongs together is not divided."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data import stratified_split
from striate.errors import DataError
from striate.tasks.pictures.holding_out import HoldOut, hold_out

LABELS = np.repeat(np.arange(3), 20)


def test_plain_pictures_are_divided_as_before():
    kept, held = hold_out(LABELS, HoldOut(0.2, seed=4), classes=3)
    expected = stratified_split(LABELS, 0.2, seed=4)
    assert np.array_equal(kept, expected[0])
    assert np.array_equal(held, expected[1])
    assert HoldOut(0.2).text == "20% of each class"


@given(st.lists(st.integers(0, 25), min_size=60, max_size=60), st.integers(0, 3))
def test_no_key_is_on_both_sides(keys, seed):
    try:
        kept, held = hold_out(LABELS, HoldOut(0.3, seed), classes=3, keys=[keys])
    except DataError:  # all hang together
        return
    names = np.array(keys)
    assert not set(names[kept]) & set(names[held])
    assert sorted([*kept, *held]) == list(range(60))


@pytest.mark.parametrize("fold", [1, 10])
def test_a_fold_without_a_picture_is_refused_in_every_fold(fold):
    rule = HoldOut(0.2, folds=10, fold=fold)
    words = r"have pictures for each of 10 folds, .* Got pictures for {}\. Take {} folds or fewer"
    with pytest.raises(DataError, match=words.format(6, 6)):
        hold_out(LABELS[17:23], rule, classes=3)
    with pytest.raises(DataError, match=words.format(5, 5)):
        hold_out(LABELS, rule, classes=3, keys=[np.arange(60) % 5])


def test_each_picture_is_held_out_in_one_fold():
    held = [
        hold_out(LABELS, HoldOut(0.2, 0, folds=4, fold=fold), classes=3)[1] for fold in range(1, 5)
    ]
    assert sorted(np.concatenate(held)) == list(range(60))
    assert [np.bincount(LABELS[each]).tolist() for each in held] == [[5, 5, 5]] * 4
    assert HoldOut(0.2, 0, folds=4, fold=2).text == "fold 2 of 4"


def test_several_classes_a_picture():
    rng = np.random.default_rng(0)
    rows = (rng.random((100, 4)) < 0.3).astype(np.uint8)
    kept, held = hold_out(rows, HoldOut(0.2), classes=4)
    assert len(kept) + len(held) == 100
    assert rows[held].sum(axis=0) / rows.sum(axis=0) == pytest.approx(np.full(4, 0.2), abs=0.07)


@pytest.mark.parametrize(
    ("labels", "keys", "words"),
    [
        ([0, 1], [], "pets: must have at least 2 pictures in one of its classes.*Got 1 in each"),
        ([0, 0, 1], [["a"] * 3], "Got 1 that do not belong together. Same files, and those of a"),
    ],
)
def test_errors(labels, keys, words):
    with pytest.raises(DataError, match=words):
        hold_out(np.array(labels), HoldOut(0.2), classes=2, keys=keys, place="pets")
