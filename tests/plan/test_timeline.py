"""The replay against a slow one, and the largest batch against trying every one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError
from striate.plan import Storage, Timeline
from striate.plan.timeline import KINDS


@st.composite
def timelines(draw):
    count = draw(st.integers(1, 8))
    storages = [
        Storage(
            draw(st.sampled_from(KINDS)),
            draw(st.sampled_from(["", "a", "b"])),
            draw(st.sampled_from(["forward", "backward"])),
            draw(st.integers(0, 50)),
            draw(st.integers(0, 20)),
        )
        for _ in range(count)
    ]
    unborn, alive, events = list(range(count)), [], []
    while unborn or (alive and draw(st.booleans())):
        if unborn and (not alive or draw(st.booleans())):
            number = unborn.pop(0)
            alive.append(number)
            events.append(number + 1)
        else:
            number = alive.pop(draw(st.integers(0, len(alive) - 1)))
            events.append(-number - 1)
    return Timeline(storages, events, draw(st.integers(1, 3)))


def replayed(line, batch):
    """(most bytes, what is held then), one event after the other."""
    samples = -(-batch // line.parts)
    held, most, then = {}, -1, {}
    for event in line.events:
        storage = line.storages[abs(event) - 1]
        if event > 0:
            held[event] = storage.fixed_bytes + storage.sample_bytes * samples
            if storage.kind == "batch":  # that of all parts
                held[event] = storage.fixed_bytes + storage.sample_bytes * batch // line.parts
        else:
            del held[-event]
        if sum(held.values()) > most:
            most, then = sum(held.values()), dict(held)
    return most, then


@given(timelines(), st.integers(1, 40))
def test_the_peak_is_that_of_a_slow_replay(line, batch):
    most, then = replayed(line, batch)
    peak = line.peak(batch)
    assert line.peak_bytes(batch) == peak.total_bytes == most == sum(peak.by_kind.values())
    by_kind = dict.fromkeys(KINDS, 0)
    by_layer = {}
    for event, size in then.items():
        storage = line.storages[event - 1]
        by_kind[storage.kind] += size
        if storage.layer and storage.kind in ("kept", "passing"):
            by_layer[storage.layer] = by_layer.get(storage.layer, 0) + size
    assert peak.by_kind == {kind: size for kind, size in by_kind.items() if size}
    assert peak.by_layer == by_layer


@given(timelines(), st.integers(0, 600), st.integers(0, 5))
def test_the_largest_batch_fits_and_one_more_does_not(line, limit, more):
    found = line.largest_batch(limit, lambda batch: more * batch)

    def needed(batch):
        return replayed(line, batch)[0] + more * batch

    if found == 0:
        assert needed(1) > limit
    elif found < 1000:
        assert needed(found) <= limit < needed(found + 1)
    else:  # nothing hangs on the batch
        assert needed(1) == needed(1000) <= limit


def test_kept_bytes_are_of_one_sample():
    kept = [Storage("kept", "a", "forward", 5, 8), Storage("kept", "a", "forward", 0, 8)]
    other = Storage("passing", "b", "forward", 0, 4)
    assert Timeline([*kept, other], [1, -1, 2, -2, 3], parts=2).kept_bytes() == {"a": 8}


def test_nothing_that_is_held():
    peak = Timeline([], []).peak(3)
    assert (peak.total_bytes, peak.by_kind) == (0, {})


def test_words():
    with pytest.raises(ArgumentError, match="plan: `batch` must be a whole number of at least 1"):
        Timeline([], []).peak(0)


@pytest.mark.parametrize(
    ("each", "most"), [(0, 2**30), (8, 2**30), (2**40, 2**22 - 1), (2**61, 1), (2**63 - 1, 1)]
)
def test_bytes_that_cannot_be_counted_are_refused(each, most):
    line = Timeline([Storage("batch", "", "step", 5, each)], [1, -1])
    if each < 2**62:
        assert line.peak_bytes(most) == 5 + each * most
        assert line.largest_batch(2**62) == most
    for batch in (most + 1, 2**62, 10**19):
        with pytest.raises(ArgumentError, match=rf"plan: `batch` must be at most {most} here\."):
            line.peak(batch)
