"""Every class is drawn equally often, no sample is forgotten, and an epoch needs no other."""

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data import Loader
from striate.data.balance import Balance
from striate.data.source import ArraySource
from striate.errors import ArgumentError

labels = st.lists(st.integers(0, 4), min_size=1, max_size=40)
seeds = st.integers(-(2**70), 2**70)


@given(labels=labels, seed=seeds, epoch=st.integers(0, 10**6))
def test_each_class_has_its_share_of_an_epoch(labels, seed, epoch):
    draws = Balance(labels).epoch(epoch, seed=seed)
    assert draws.dtype == np.int64
    assert len(draws) == len(labels)
    share = len(labels) / len(set(labels))
    counts = Counter(np.asarray(labels)[draws % len(labels)].tolist())
    assert all(abs(counts[name] - share) < 1 for name in set(labels))


@given(labels=labels, seed=seeds, epochs=st.integers(1, 12))
def test_over_many_epochs_all_classes_and_all_samples_of_a_class_are_drawn_alike(
    labels, seed, epochs
):
    balance, n = Balance(labels), len(labels)
    drawn = np.concatenate([balance.epoch(e, seed=seed) % n for e in range(epochs)])
    of_classes = Counter(np.asarray(labels)[drawn].tolist())
    assert max(of_classes.values()) - min(of_classes[name] for name in set(labels)) <= 1
    of_samples = Counter(drawn.tolist())
    for name in set(labels):
        counts = [of_samples[i] for i in range(n) if labels[i] == name]
        assert max(counts) - min(counts) <= 1  # rounds: none again before all others


@given(labels=labels, seed=seeds, epoch=st.integers(0, 100))
def test_a_draw_says_how_often_its_sample_was_drawn_before(labels, seed, epoch):
    draws = Balance(labels).epoch(epoch, seed=seed).tolist()
    seen: Counter[int] = Counter()
    for draw in draws:
        sample = draw % len(labels)
        assert draw // len(labels) == seen[sample]
        seen[sample] += 1
    assert len(set(draws)) == len(draws)


@given(sizes=st.lists(st.integers(5, 9), min_size=2, max_size=4), epoch=st.integers(0, 50))
def test_classes_of_one_size_are_drawn_once_each(sizes, epoch):
    labels = np.repeat(np.arange(len(sizes)), sizes[0])
    draws = Balance(labels).epoch(epoch, seed=3)
    assert sorted(draws.tolist()) == list(range(len(labels)))


def test_epochs_and_seeds_have_orders_of_their_own():
    balance = Balance(["a"] * 90 + ["b"] * 10)
    first = balance.epoch(4, seed=1)
    assert np.array_equal(first, Balance(["a"] * 90 + ["b"] * 10).epoch(4, seed=1))
    assert not np.array_equal(first, balance.epoch(5, seed=1))
    assert not np.array_equal(first, balance.epoch(4, seed=2))
    rare = first % 100 >= 90
    assert 50 - 12 < rare[:50].sum() * 2 < 50 + 12  # spread over the epoch


def test_the_order_never_changes_between_versions():
    balance = Balance([0, 0, 0, 0, 0, 1, 2])
    assert balance.epoch(0, seed=1).tolist() == [5, 6, 0, 12, 2, 1, 13]
    assert balance.epoch(3, seed=1).tolist() == [0, 6, 5, 1, 2, 13, 12]


class Slow(ArraySource):
    slow = True


@pytest.mark.parametrize("threads", [0, 1, 2, 4])
def test_a_loader_draws_them_for_any_number_of_threads_and_from_any_step(threads):
    names = [0] * 20 + [1] * 3
    source = Slow(np.arange(23), np.asarray(names))
    loader = Loader(source, 4, shuffle=True, seed=5, balance=names, threads=threads)
    wanted = Balance(names).epoch(2, seed=5)
    batches = list(loader.epoch(2))
    assert torch.cat([b.sample_ids for b in batches]).tolist() == wanted.tolist()
    assert torch.cat([b.images for b in batches]).tolist() == (wanted % 23).tolist()
    assert sum(b.targets.sum().item() for b in batches) in (11, 12)
    resumed = list(loader.epoch(2, start_step=3))
    assert [b.sample_ids.tolist() for b in resumed] == [b.sample_ids.tolist() for b in batches[3:]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            {"balance": [[0, 1]] * 6},
            r"Balance: `labels` must hold one label a sample, shape \(n,\)",
        ),
        ({"balance": []}, r"Balance: `labels` must hold one label.*weigh the loss instead"),
        ({"balance": [0] * 5}, r"Loader: `balance` must hold one label for each of the 6 samples"),
        (
            {"balance": [0] * 6, "shuffle": False},
            r"Loader: `shuffle` must be True where `balance` is given",
        ),
    ],
)
def test_what_is_refused(words, message):
    with pytest.raises(ArgumentError, match=message):
        Loader(ArraySource(np.arange(6)), 2, **{"shuffle": True, **words})


def test_an_epoch_before_the_first():
    with pytest.raises(ArgumentError, match=r"Balance: `number` must be a whole number of at le"):
        Balance([0, 1]).epoch(-1, seed=0)
