"""Groups shared out: none divided, every class where it can be, near the wanted shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data import class_counts, joined_groups, share_out
from striate.errors import ArgumentError


@given(
    classes=st.lists(st.integers(0, 4), min_size=5, max_size=80),
    parts=st.integers(2, 5),
    seed=st.integers(0, 10),
)
def test_single_samples_of_one_class_are_divided_to_the_sample(classes, parts, seed):
    labels = np.array(classes)
    table = class_counts(np.arange(len(labels)), labels, classes=5)
    found = share_out(table, [1 / parts] * parts, seed=seed)
    assert found.min() >= 0
    counts = np.stack([np.bincount(labels[found == p], minlength=5) for p in range(parts)])
    assert (counts.max(axis=0) - counts.min(axis=0)).max() <= 1
    assert np.array_equal(found, share_out(table, [1 / parts] * parts, seed=seed))


@given(
    samples=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=12, max_size=120),
    share=st.floats(0.1, 0.5),
)
def test_a_class_in_two_groups_is_in_both_parts(samples, share):
    names, labels = (np.array(column) for column in zip(*samples, strict=True))
    groups = joined_groups(names.tolist())
    table = class_counts(groups, labels, classes=3)
    # One class a group: then nothing can stand in the way.
    if ((table > 0).sum(axis=1) > 1).any():
        return
    found = share_out(table, [1 - share, share], seed=0)
    for c in range(3):
        if (table[:, c] > 0).sum() >= 2:
            assert {0, 1} == set(found[table[:, c] > 0].tolist())


def test_several_classes_a_sample_come_near_the_shares():
    rng = np.random.default_rng(0)
    targets = (rng.random((400, 6)) < [0.5, 0.3, 0.2, 0.1, 0.05, 0.02]).astype(np.uint8)
    table = class_counts(np.arange(400), targets, classes=6)
    found = share_out(table, [0.8, 0.2], sizes=np.ones(400), seed=3)
    held = targets[found == 1].sum(axis=0) / targets.sum(axis=0)
    assert held == pytest.approx(np.full(6, 0.2), abs=0.06)
    assert (found == 1).sum() == pytest.approx(80, abs=4)


def test_the_seed_decides():
    table = class_counts(np.arange(60), np.arange(60) % 3, classes=3)
    first, again, other = (share_out(table, [0.8, 0.2], seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@given(
    first=st.lists(st.integers(0, 8), min_size=1, max_size=30),
    data=st.data(),
)
def test_linked_samples_are_one_group(first, data):
    size = len(first)
    second = data.draw(st.lists(st.integers(0, 30), min_size=size, max_size=size))
    groups = joined_groups(first, second)
    # The obvious twin: spread the least number over links until nothing changes.
    twin = list(range(size))
    while True:
        before = list(twin)
        for a in range(size):
            for b in range(size):
                if first[a] == first[b] or second[a] == second[b]:
                    twin[a] = twin[b] = min(twin[a], twin[b])
        if twin == before:
            break
    same = np.equal.outer(groups, groups)
    assert np.array_equal(same, np.equal.outer(twin, twin))


@pytest.mark.parametrize(
    ("counts", "shares", "words"),
    [
        ([1, 2], [0.5, 0.5], r"share_out: `counts` must be \(groups, classes\)"),
        ([[1]], [0.5, 0.4], "share_out: `shares` must be above 0, and 1 together"),
        ([[1]], [1.0, 0.0], "`shares` must be above 0"),
        ([[1]], [1.0], "`shares` must be above 0"),
    ],
)
def test_errors(counts, shares, words):
    with pytest.raises(ArgumentError, match=words):
        share_out(counts, shares, seed=0)
