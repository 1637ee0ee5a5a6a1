import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.split import stratified_split
from striate.errors import ArgumentError

labels_of = st.lists(st.integers(0, 4), min_size=1, max_size=60)
shares = st.floats(0.01, 0.99)


@given(labels=labels_of, fraction=shares, seed=st.integers(0, 99))
def test_every_class_is_in_both_parts_in_its_share(labels, fraction, seed):
    kept, held = stratified_split(labels, fraction, seed=seed)
    assert sorted([*kept, *held]) == list(range(len(labels)))
    assert kept.tolist() == sorted(kept)
    assert held.tolist() == sorted(held)
    labels = np.array(labels)
    for name in set(labels):
        n, m = (labels == name).sum(), (labels[held] == name).sum()
        if n == 1:
            assert m == 0
        else:
            assert 1 <= m <= n - 1
            assert abs(m - fraction * n) <= 0.5 or m in (1, n - 1)


def test_same_seed_same_split_other_seed_other_split():
    labels = np.repeat(["cat", "dog"], 50)
    first = stratified_split(labels, 0.2, seed=0)
    again = stratified_split(labels, 0.2, seed=0)
    other = stratified_split(labels, 0.2, seed=1)
    assert first[1].tolist() == again[1].tolist()
    assert first[1].tolist() != other[1].tolist()
    assert [(labels[first[1]] == name).sum() for name in ("cat", "dog")] == [10, 10]


def test_choice_does_not_depend_on_the_names_of_classes():
    numbers = [0, 1, 1, 0, 1, 0, 0]
    words = [("b", "a")[n] for n in numbers]
    for one, two in zip(
        stratified_split(numbers, 0.4, seed=5), stratified_split(words, 0.4, seed=5), strict=True
    ):
        assert one.tolist() == two.tolist()


@pytest.mark.parametrize(
    ("labels", "fraction", "words"),
    [
        ([0, 1], 0.0, r"stratified_split: `fraction` must be above 0\. Got fraction=0\.0"),
        ([0, 1], 1.0, r"`fraction` must be a fraction, 0 <= x < 1\. Got fraction=1\.0"),
        ([], 0.5, r"`labels` must hold one label a sample, shape \(n,\)\. Got labels=\(0,\)"),
        ([[0], [1]], 0.5, r"Got labels=\(2, 1\)"),
    ],
)
def test_arguments_are_checked(labels, fraction, words):
    with pytest.raises(ArgumentError, match=words):
        stratified_split(labels, fraction, seed=0)
