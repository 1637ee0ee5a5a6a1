import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.data.order import permutation, sequential
from striate.errors import ArgumentError
from striate.ops.random import fold

whole = st.integers(-(2**70), 2**70)


@given(count=st.integers(0, 300), seed=whole, epoch=st.integers(0, 10**6))
def test_samples_are_sorted_by_the_hash_of_seed_epoch_and_number(count, seed, epoch):
    expected = sorted(range(count), key=lambda i: fold(seed, epoch, i) % 2**64)
    order = permutation(count, seed=seed, epoch=epoch)
    assert order.dtype == np.int64
    assert order.tolist() == expected


def test_the_order_never_changes_between_versions():
    order = permutation(10, seed=42, epoch=3)
    assert order.tolist() == [7, 2, 3, 9, 8, 6, 0, 5, 4, 1]


@given(seed=whole, epoch=st.integers(0, 1000))
def test_seeds_and_epochs_have_orders_of_their_own(seed, epoch):
    here = permutation(100, seed=seed, epoch=epoch).tolist()
    assert here != permutation(100, seed=seed, epoch=epoch + 1).tolist()
    assert here != permutation(100, seed=seed + 1, epoch=epoch).tolist()
    assert sorted(here) == list(range(100))


def test_every_place_is_equally_likely():
    places = np.array([permutation(8, seed=0, epoch=epoch) for epoch in range(4000)])
    counts = np.array([np.bincount(places[:, place], minlength=8) for place in range(8)])
    chi_square = ((counts - 500) ** 2 / 500).sum()
    assert chi_square < 49 + 5 * np.sqrt(2 * 49)  # 49 degrees of freedom


def test_neighbours_in_the_data_do_not_stay_neighbours():
    order = permutation(10_000, seed=0, epoch=0)
    assert abs(np.corrcoef(order, np.arange(10_000))[0, 1]) < 0.05
    assert (np.abs(np.diff(order)) == 1).sum() < 10


def test_a_large_order_costs_little_more_than_its_sorting():
    keys = np.random.default_rng(0).integers(0, 2**64, 60_000, dtype=np.uint64)

    def thread_seconds(work):
        start = time.thread_time()  # what other processes take does not count
        work()
        return time.thread_time() - start

    pairs = [
        (
            thread_seconds(lambda: permutation(60_000, seed=0, epoch=0)),
            thread_seconds(lambda: np.argsort(keys, kind="stable")),
        )
        for _ in range(15)
    ]
    ours, sorting = (min(times) for times in zip(*pairs, strict=True))
    assert ours < 2.5 * sorting


def test_sequential_counts_up():
    assert sequential(4).tolist() == [0, 1, 2, 3]
    assert sequential(0).dtype == np.int64


@pytest.mark.parametrize("order", [sequential, lambda n: permutation(n, seed=0, epoch=0)])
def test_a_count_below_zero_is_refused(order):
    words = r"^Order of samples: `count` must be a whole number of at least 0\. Got count=-1\.$"
    with pytest.raises(ArgumentError, match=words):
        order(-1)
