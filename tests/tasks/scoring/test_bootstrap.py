"""Intervals hold the truth as often as they say, and are what drawing pictures again gives."""

import numpy as np
import pytest

from striate.errors import ArgumentError, ShapeError
from striate.tasks.scoring.bootstrap import paired_interval, share_interval, wilson_interval


def by_pictures(statistic, count, rng, resamples=4000):
    """The percentiles of a statistic of row numbers that are drawn again, one by one."""
    drawn = [statistic(rng.integers(0, count, count)) for _ in range(resamples)]
    return np.percentile(drawn, [2.5, 97.5])


def test_the_share_is_as_when_pictures_are_drawn_again(rng):
    hits = rng.random(300) < 0.7
    expected = by_pictures(lambda rows: hits[rows].mean(), 300, rng)
    assert share_interval(int(hits.sum()), 300) == pytest.approx(expected, abs=0.008)


def test_the_difference_is_as_when_pairs_are_drawn_again(rng):
    first, second = rng.random(300) < 0.7, rng.random(300) < 0.75
    expected = by_pictures(lambda rows: second[rows].mean() - first[rows].mean(), 300, rng)
    assert paired_interval(first, second) == pytest.approx(expected, abs=0.01)
    low, high = paired_interval(first, second)
    assert paired_interval(second, first) == pytest.approx((-high, -low), abs=0.01)


def test_pairs_that_err_alike_are_told_apart_better_than_two_sets(rng):
    first = rng.random(400) < 0.7
    second = first.copy()
    second[np.flatnonzero(~first)[:20]] = True  # 20 more, none lost
    low, high = paired_interval(first, second)
    assert 0 < low < 0.05 < high
    apart = [share_interval(int(hits.sum()), 400) for hits in (first, second)]
    assert apart[0][1] > apart[1][0]


@pytest.mark.parametrize("truth", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("count", [30, 100, 1000])
def test_the_interval_holds_the_truth_95_times_of_100(rng, truth, count):
    counts = rng.binomial(count, truth, 2000)
    ends = {int(right): share_interval(int(right), count) for right in set(counts)}
    held = np.mean([ends[int(right)][0] <= truth <= ends[int(right)][1] for right in counts])
    assert 0.92 < held <= 1.0


def test_few_mistakes_have_wilsons_interval():
    assert share_interval(91, 100) == wilson_interval(91, 100)
    assert share_interval(90, 100) != wilson_interval(90, 100)
    assert share_interval(0, 5)[0] == 0.0
    assert share_interval(5, 5) == pytest.approx((0.5655, 1.0), abs=1e-4)


def test_the_same_pictures_give_the_same_interval():
    assert share_interval(70, 100) == share_interval(70, 100)


def test_no_pictures_or_another_number_are_refused():
    with pytest.raises(ArgumentError, match="`count` must be a whole number of at least 1"):
        share_interval(0, 0)
    with pytest.raises(ArgumentError, match="`right` must be a number from 0 to 5"):
        share_interval(6, 5)
    words = "paired_interval: `second` must have a row for each of first"
    with pytest.raises(ShapeError, match=words):
        paired_interval(np.ones(3, bool), np.ones(4, bool))
    with pytest.raises(ShapeError, match=words):
        paired_interval(np.ones(0, bool), np.ones(0, bool))
