"""Where memory does not suffice, what fits is found by trying."""

import math
import weakref

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import PlanError
from striate.records import Batch
from striate.train.out_of_memory import (
    attempt,
    largest_that_fits,
    refuse,
    within_memory,
)


def test_what_the_frames_held_is_free_when_an_attempt_returns():
    class Large:
        pass

    seen = []

    def call():
        large = Large()
        seen.append(weakref.ref(large))
        torch.empty(2**60)

    result, words = attempt(call)
    assert result is None
    assert "can't allocate memory" in words
    assert "\n" not in words
    assert seen[0]() is None


def test_a_call_without_a_word_and_other_errors():
    def silent():
        raise MemoryError

    assert attempt(silent) == (None, "MemoryError")
    with pytest.raises(RuntimeError, match=r"size|inconsistent"):
        attempt(lambda: torch.ones(2) @ torch.ones(3))


@given(most=st.integers(1, 3000), data=st.data())
def test_the_largest_is_found_in_few_trials(most, data):
    limit = data.draw(st.integers(0, most - 1))
    tried = []

    def fits(count):
        tried.append(count)
        return count <= limit

    assert largest_that_fits(fits, most) == limit
    assert len(tried) <= math.ceil(math.log2(most)) + 1
    assert len(set(tried)) == len(tried)


def test_time_is_bounded():
    now = [0.0]

    def fits(count):
        now[0] += 12.0
        return count <= 700

    found = largest_that_fits(fits, 1024, seconds=30.0, clock=lambda: now[0])
    assert found == 512  # 1 and 512 fit, then 768 does not, and the time is over
    assert now[0] == 36.0


def limited(batch):
    if len(batch) > 5:
        torch.empty(2**60)
    return len(batch)


def test_a_call_on_a_batch_passes_or_names_what_fits():
    assert within_memory(limited, Batch(torch.zeros(5, 2)), place="predict") == 5
    with pytest.raises(PlanError) as caught:
        within_memory(limited, Batch(torch.zeros(9, 2)), place="predict")
    text = str(caught.value)
    assert text.startswith('predict: must have memory for batches of 9. Got "')
    assert text.endswith('". By trial, 5 fit at a time. Use batch_size=5.')


def test_where_nothing_fits():
    with pytest.raises(PlanError, match=r"By trial, not even one sample fits. Use smaller pict"):
        refuse("fit", "batches of 2", "words", 0, "")
