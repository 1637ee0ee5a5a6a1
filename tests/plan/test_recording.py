"""Sizes for any batch from one great batch, or from two small ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import PlanError
from striate.plan.recording import Recording, timeline_of

GREAT = 2**24

pairs = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=6)


def recording(pairs, samples, *, carried=()):
    count = len(pairs)
    events = [*range(1, count + 1), *range(-1, -count - 1, -1)]
    sizes = [fixed + each * samples for fixed, each in pairs]
    return Recording(sizes, ["kept"] * count, ["a"] * count, ["forward"] * count, events, carried)


@given(pairs)
def test_one_great_batch_tells_the_same_as_two_small_ones(pairs):
    great = timeline_of([(GREAT, recording(pairs, GREAT))])
    small = timeline_of([(n, recording(pairs, n)) for n in (2, 3)])
    assert great == small
    assert [(s.fixed_bytes, s.sample_bytes) for s in great.storages] == pairs


def test_what_is_carried_is_there_before_and_goes_at_the_end():
    line = timeline_of([(GREAT, recording([(0, 4), (7, 0)], GREAT, carried=[0]))])
    assert line.events == (3, 1, 2, -1, -2, -3)
    assert line.peak_bytes(10) == 40 + 47


def test_words():
    one = recording([(1, 1)], 2)
    with pytest.raises(PlanError, match="plan: must pass in the same way with any batch"):
        timeline_of([(2, one), (3, recording([(1, 1), (1, 1)], 3))])
