"""What a run holds of memory beside its tensors: workspaces, holes of the heap, compiled code."""

from __future__ import annotations

from .. import _check
from .heap import GLIBC, GLIBC_KEPT, Heap
from .timeline import Timeline

__all__ = ["fitting_batch", "resident_bytes"]

_COMPILED_BYTES = 10_000_000
"""Code that oneDNN writes for the shapes of a net, and pages of the libraries that it first uses:
6 to 28 MB with batches of 2 at 64 pixels of ResNet-18, MobileNetV2 and DenseNet-121, of which the
heap's small holes take a part."""

_MERGING_TRAIN, _MERGING_PREDICT = 0.475, 0.8
"""Of the sides of a dropped block so many are free to merge. glibc 2.36 leaves less than 100 bytes
at the ends of each tensor, and puts small objects there. Chosen so that the resident memory of
Chollet's net, ResNet-18, MobileNetV2, DenseNet-121, ConvNeXt-T and SqueezeNet comes out (10
trainings, 4 predictions); `benchmarks/plan_memory.py` judges it by the other nets."""

_FREE_FIRST = 100
"""Sides that merge before small objects have filled the holes that a process begins with."""

_STEPS = 3
"""Repeats after which the heap has found its size, but for a few percent."""

_RUNS = 3
"""Heaps that are averaged: which sides merge is chance."""

_LEAST_PART = 4096
"""Blocks below this part of the largest are counted without a place in the heap."""

_EXACT_TO = 50
"""Up to this batch the largest is exact; above, to one part in so many."""

_LASTING = ("weights", "optimizer", "average")


def resident_bytes(timeline: Timeline, batch: int, *, keeps_memory: bool = False) -> int:
    """The memory that a process is expected to take for a run, above what it took before.

    The run's blocks are placed step by step in a heap that works as glibc's, together with what
    its operations take while they run. On accelerators it means nothing.

    Args:
        timeline: of the run.
        batch: samples a step.
        keeps_memory: whether `striate.train.keep_memory` is in force, as in `striate train`.

    Raises:
        ArgumentError: a batch below 1.

    Example:
        >>> from striate.plan import Storage
        >>> line = Timeline([Storage("batch", "", "step", 0, 1_000_000)], [1, -1])
        >>> 10_000_000 < resident_bytes(line, 10) - line.peak_bytes(10) < 11_000_000
        True
    """
    _check.positive_int("plan", "batch", batch)
    sizes: list[int] = timeline.sizes(batch, workspaces=True).tolist()
    peaks = [_peak(timeline, sizes, keeps_memory, run) for run in range(_RUNS)]
    return _COMPILED_BYTES + max(sum(peaks) // _RUNS, timeline.peak_bytes(batch))


def fitting_batch(timeline: Timeline, limit_bytes: int, *, keeps_memory: bool = False) -> int:
    """The largest batch with which a run is expected to stay within a limit; 0 for none.

    Of great batches it may be 2 % below: what is expected is no closer.

    Args:
        timeline: of the run.
        limit_bytes: that the process may take more.
        keeps_memory: as in `resident_bytes`.
    """
    least = resident_bytes(timeline, 1, keeps_memory=keeps_memory)
    if least > limit_bytes:
        return 0
    low, batch = 1, timeline.largest_batch(limit_bytes)
    high = batch + 1
    while high - low > max(1, low // _EXACT_TO):
        needed = resident_bytes(timeline, batch, keeps_memory=keeps_memory)
        if needed <= limit_bytes:
            low, batch = batch, (batch + high) // 2
            continue
        high = batch
        line = 1 + int((batch - 1) * (limit_bytes - least) / (needed - least))
        batch = line if low < line < high else (low + high) // 2
    return low


def _peak(timeline: Timeline, sizes: list[int], keeps_memory: bool, run: int) -> int:
    """The most that is resident in some steps, one after the other."""
    backward = any(storage.phase == "backward" for storage in timeline.storages)
    merging = _MERGING_TRAIN if backward else _MERGING_PREDICT
    heap = Heap(GLIBC_KEPT if keeps_memory else GLIBC, merging, free_first=_FREE_FIRST, chance=run)
    lasting = {n for n, storage in enumerate(timeline.storages) if storage.kind in _LASTING}
    least = max(sizes, default=0) // _LEAST_PART
    there: set[int] = set()
    peak = 0
    for _ in range(_STEPS):
        small = sum(sizes[number] for number in there if sizes[number] <= least)
        for event in timeline.events:
            number = abs(event) - 1
            if event > 0 and number in there:
                continue
            if sizes[number] <= least:
                small += sizes[number] if event > 0 else -sizes[number]
            elif event > 0:
                heap.take(number, sizes[number])
                peak = max(peak, heap.resident_bytes + small)
            else:
                heap.drop(number)
            (there.add if event > 0 else there.discard)(number)
        for number in there - lasting:
            if sizes[number] > least:
                heap.drop(number)
        there &= lasting
    return peak
