"""The heap in addresses: no two blocks overlap, and it holds what glibc would."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.plan.heap import GLIBC, GLIBC_KEPT, Heap
from striate.train import memory

orders = st.lists(st.tuples(st.booleans(), st.integers(1, 3_000_000)), max_size=60)


@given(orders, st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([GLIBC, GLIBC_KEPT]))
def test_blocks_never_overlap_and_are_resident(wanted, merging, settings):
    heap, there, held = Heap(settings, merging), [], 0
    for key, (takes, size) in enumerate(wanted):
        if takes or not there:
            heap.take(key, size)
            there.append((key, size))
            held += size
        else:
            dropped = there.pop(size % len(there))
            heap.drop(dropped[0])
            held -= dropped[1]
        spans = sorted(span for span in heap._blocks.values() if span[0] >= 0)
        spans += [(start, size) for size, start in heap._holes]
        ends = sorted((start, start + size) for start, size in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(ends))
        assert heap.resident_bytes >= held


def test_large_blocks_are_mapped_until_one_was_dropped():
    heap = Heap()
    heap.take("a", 1_000_000)
    assert heap.resident_bytes == 1_003_520  # whole pages
    heap.drop("a")
    assert heap.resident_bytes == 0
    heap.take("b", 900_000)  # smaller than the one that was dropped: into the heap
    heap.take("c", 50_000)
    heap.drop("b")
    assert heap.resident_bytes > 900_000


def test_a_hole_of_a_block_is_too_small_for_its_like():
    heap = Heap(GLIBC_KEPT)
    for key in "abc":
        heap.take(key, 100_000)
    heap.drop("b")
    before = heap.resident_bytes
    heap.take("d", 99_000)
    assert heap.resident_bytes == before
    heap.drop("d")
    heap.take("e", 100_000)
    assert heap.resident_bytes > before


def test_holes_side_by_side_merge_or_not():
    for merging, grows in ((1.0, False), (0.0, True)):
        heap = Heap(GLIBC_KEPT, merging)
        for key in "abcd":
            heap.take(key, 100_000)
        before = heap.resident_bytes
        heap.drop("b")
        heap.drop("c")
        heap.take("e", 150_000)
        assert (heap.resident_bytes > before) is grows


def test_the_first_sides_are_free():
    heap = Heap(GLIBC_KEPT, 0.0, free_first=2)
    heap.take("a", 100_000)
    heap.take("b", 100_000)
    heap.drop("b")  # merges with the end
    before = heap.resident_bytes
    heap.take("c", 90_000)
    assert heap.resident_bytes == before


def test_the_end_is_given_back_or_kept():
    for settings, given_back in ((GLIBC, True), (GLIBC_KEPT, False)):
        heap = Heap(settings)
        for key in range(20):
            heap.take(key, 100_000)
        for key in range(20):
            heap.drop(key)
        assert (heap.resident_bytes < 300_000) is given_back


def test_the_settings_are_those_that_keep_memory_makes():
    assert GLIBC_KEPT.mapped_bytes == memory._LARGEST_BLOCK_BYTES
    assert GLIBC_KEPT.pad_bytes == memory._PAD_BYTES


def test_no_block_twice():
    heap = Heap()
    with pytest.raises(KeyError):
        heap.drop("a")
