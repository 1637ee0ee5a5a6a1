import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.ops.random import draw_id, fold, streams, uniform, uniform_of

SAMPLES, COUNT = 256, 4096
KEY, PLACE = fold(0, 3, 5), draw_id("dropout")


@pytest.fixture(scope="module")
def draws():
    return uniform(KEY, torch.arange(SAMPLES), PLACE, (COUNT,))


def hash64(value):
    """SplitMix64's finaliser in Python's own integers."""
    mask = (1 << 64) - 1
    value &= mask
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & mask
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & mask
    return value ^ (value >> 31)


def by_hand(key, sample, place, index):
    """One number, with whole numbers of any length."""
    mask = (1 << 32) - 1

    def mix(value, shift, factor):
        return (value ^ (value >> shift)) * factor & mask

    words = hash64((hash64(hash64(sample + 0x9E3779B97F4A7C15) ^ (key % (1 << 64)))) + place)
    low, high = words & mask, words >> 32
    value = index * 0x9E3779B1 & mask
    value = mix(mix(value, 16, 0x7FEB352D), 15, 0x846CA68B)
    value ^= value >> 16
    value = mix((value ^ low) * (high | 1) & mask, 16, 0x7FEB352D) >> 8
    return (value - (1 << 24) if value >= 1 << 23 else value) / (1 << 24) + 0.5


@given(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 2**40),
    st.integers(0, 2**63 - 1),
    st.integers(1, 9),
)
def test_values_are_those_of_whole_numbers(key, sample, place, count):
    got = uniform(key, torch.tensor([sample]), place, (count,))
    assert got.dtype == torch.float32
    assert got[0].tolist() == [by_hand(key, sample, place, i) for i in range(count)]


@given(st.permutations(range(9)), st.integers(0, 9))
def test_any_partition_of_a_batch_draws_the_same(order, cut):
    ids = torch.tensor(order) * 1001
    whole = uniform(KEY, torch.arange(9) * 1001, PLACE, (3, 2))
    parts = [uniform(KEY, part, PLACE, (3, 2)) for part in (ids[:cut], ids[cut:])]
    assert torch.cat(parts).equal(whole[order])


def test_key_may_be_a_tensor():
    ids = torch.arange(3)
    key = torch.tensor(KEY)
    assert uniform(key, ids, PLACE, (4,)).equal(uniform(KEY, ids, PLACE, (4,)))
    assert uniform_of(streams(key, ids), PLACE, (4,)).equal(uniform(KEY, ids, PLACE, (4,)))


def test_a_longer_draw_begins_as_a_shorter():
    ids = torch.arange(3)
    long = uniform(KEY, ids, PLACE, (5, 4)).reshape(3, 20)
    assert uniform(KEY, ids, PLACE, (7,)).equal(long[:, :7])
    assert uniform(KEY, ids, PLACE, ()).equal(long[:, 0])


def sigmas(a, b=None):
    """Mean of a, or covariance of a and b, in standard deviations of true uniform draws."""
    a = (a.double() - 0.5) * math.sqrt(12)
    products = a if b is None else a * (b.double() - 0.5) * math.sqrt(12)
    return abs(products.sum().item()) / math.sqrt(products.numel())


def improbable(table):
    """Whether the counts of a table are too uneven, or too even, to be chance."""
    return not 1e-4 < scipy.stats.chisquare(table).pvalue < 1 - 1e-4


def test_range_mean_and_variance(draws):
    assert 0 <= draws.min() < 1e-4
    assert 1 - 1e-4 < draws.max() < 1
    assert sigmas(draws) < 4
    assert abs(draws.double().var().item() * 12 - 1) < 4 / math.sqrt(draws.numel())


@pytest.mark.parametrize("bins", [10, 256, 4096])
def test_every_value_is_as_frequent(draws, bins):
    assert not improbable(np.bincount((draws.flatten() * bins).long().numpy(), minlength=bins))


def test_every_bit_is_fair(draws):
    bits = (draws.double() * 2**24).long()
    for bit in range(24):
        ones = ((bits >> bit) & 1).sum().item()
        assert abs(ones - bits.numel() / 2) < 4.5 * math.sqrt(bits.numel()) / 2, bit


NEIGHBOURS = {
    "index": lambda u: (u[:, 1:], u[:, :-1]),
    "two on": lambda u: (u[:, 2:], u[:, :-2]),
    "row of 26": lambda u: (u[:, 26:], u[:, :-26]),
    "row of 26 x 32": lambda u: (u[:, 832:], u[:, :-832]),
    "power of two": lambda u: (u[:, 1024:], u[:, :-1024]),
    "sample": lambda u: (u[1:], u[:-1]),
    "32 samples": lambda u: (u[32:], u[:-32]),
    "key": lambda u: (u, uniform(fold(0, 3, 6), torch.arange(SAMPLES), PLACE, (COUNT,))),
    "raw key": lambda u: (u, uniform(KEY + 1, torch.arange(SAMPLES), PLACE, (COUNT,))),
    "seed": lambda u: (u, uniform(fold(1, 3, 5), torch.arange(SAMPLES), PLACE, (COUNT,))),
    "call": lambda u: (u, uniform(KEY, torch.arange(SAMPLES), PLACE + 1, (COUNT,))),
    "place": lambda u: (u, uniform(KEY, torch.arange(SAMPLES), draw_id("dropout_1"), (COUNT,))),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbours_know_nothing_of_each_other(draws, name):
    a, b = NEIGHBOURS[name](draws)
    assert sigmas(a, b) < 4
    pairs = (a * 32).long() * 32 + (b * 32).long()
    assert not improbable(np.bincount(pairs.flatten().numpy(), minlength=1024))


def test_no_two_samples_are_alike(draws):
    u = (draws.double() - 0.5) * math.sqrt(12)
    pairs = (u @ u.T / math.sqrt(COUNT)).numpy()[np.triu_indices(SAMPLES, 1)]
    assert np.abs(pairs).max() < 6
    assert abs(pairs.var() - 1) < 0.05


def test_runs_over_steps_are_independent():
    ids = torch.arange(512)
    steps = torch.stack([uniform(fold(0, 0, step), ids, PLACE, ()) for step in range(200)])
    assert sigmas(steps) < 4
    assert sigmas(steps[1:], steps[:-1]) < 4
    assert scipy.stats.kstest(steps.flatten().numpy(), "uniform").pvalue > 1e-4


@given(st.lists(st.integers(-(2**70), 2**70), min_size=1, max_size=4))
def test_fold_is_a_signed_64_bit_number_that_order_changes(numbers):
    key = fold(*numbers)
    assert -(2**63) <= key < 2**63
    assert key == fold(*numbers)
    if numbers != numbers[::-1] and len({n % 2**64 for n in numbers}) == len(numbers):
        assert key != fold(*numbers[::-1])
    assert key != fold(*numbers, 0)


def test_draw_id_is_of_the_name():
    assert draw_id("a") == draw_id("a") != draw_id("b")
    assert 0 <= draw_id("block.dropout") < 2**63
