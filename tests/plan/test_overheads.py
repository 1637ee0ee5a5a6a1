"""Resident memory: more than the tensors, and the largest batch by it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from striate.errors import ArgumentError
from striate.plan import Storage, Timeline
from striate.plan.overheads import fitting_batch, resident_bytes

MB = 1_000_000
FIXED = 10 * MB


def line(*sizes, fixed=0, phase="forward"):
    """Blocks that come one after the other and go in the same order, beside weights."""
    storages = [Storage("weights", "", "step", fixed, 0)]
    storages += [Storage("kept", "", phase, 0, size) for size in sizes]
    begins = list(range(2, len(sizes) + 2))
    return Timeline(storages, [1, *begins, *(-number for number in begins)])


def test_one_block_is_its_size_and_the_fixed_part():
    assert 0 <= resident_bytes(line(MB), 40) - FIXED - 40 * MB < 10_000


def test_what_operations_take_counts():
    plain = line(MB)
    storages = [*plain.storages, Storage("workspace", "", "forward", 30 * MB, 0)]
    more = Timeline(storages, [1, 2, 3, -3, -2])
    assert more.peak_bytes(40) == plain.peak_bytes(40)
    found = resident_bytes(more, 40) - resident_bytes(plain, 40)
    assert found == pytest.approx(30 * MB, rel=0.01)


def test_blocks_leave_holes_and_those_of_a_backward_pass_more():
    """Every second block goes; those that come then are larger than the holes."""

    def made(phase):
        storages = [Storage("kept", "", "forward", 0, MB // 10)] * 800
        storages += [Storage("passing", "", phase, 0, MB // 5)] * 200
        begin, gone = list(range(1, 801)), list(range(2, 801, 2))
        late = list(range(801, 1001))
        stay = [number for number in begin if number not in gone]
        return Timeline(storages, [*begin, *(-n for n in gone), *late, *(-n for n in stay + late)])

    forward, backward = made("forward"), made("backward")
    assert forward.peak_bytes(1) == backward.peak_bytes(1) == 80 * MB
    assert resident_bytes(forward, 1) > FIXED + 110 * MB
    assert resident_bytes(backward, 1) > 1.05 * resident_bytes(forward, 1)


def test_kept_memory_costs_no_less():
    sizes = [MB] * 30
    assert resident_bytes(line(*sizes), 3, keeps_memory=True) > 90 * MB


@given(st.lists(st.integers(1_000, MB), min_size=1, max_size=8), st.integers(1, 300))
@settings(max_examples=25)
def test_it_is_never_below_the_tensors(sizes, batch):
    found = line(*sizes, fixed=5 * MB)
    assert resident_bytes(found, batch) >= FIXED + found.peak_bytes(batch)


@given(st.integers(0, 400))
@settings(max_examples=25)
def test_the_largest_batch_fits_and_is_near_the_most(room):
    found = line(MB, MB // 2, fixed=3 * MB)
    batch = fitting_batch(found, room * MB)
    if batch:
        assert resident_bytes(found, batch) <= room * MB
    assert resident_bytes(found, batch + 2 + batch // 10) > room * MB


def test_none_fits():
    assert fitting_batch(line(MB), FIXED) == 0
    assert fitting_batch(line(MB), 0) == 0


def test_words():
    with pytest.raises(ArgumentError, match="plan: `batch` must be a whole number"):
        resident_bytes(line(MB), 0)
