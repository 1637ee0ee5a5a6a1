"""Heap: the C library's allocator, with addresses and no memory, to see what it holds."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass

__all__ = ["GLIBC", "GLIBC_KEPT", "AllocatorSettings", "Heap"]

_PAGE_BYTES = 4096
_HEADER_BYTES, _GRAIN_BYTES = 8, 16
_ALIGNMENT_BYTES = 96
"""More than a block is searched, so that a part of it begins at a multiple of 64."""

_GOLDEN = 0.6180339887498949
_APART = 17


@dataclass(frozen=True)
class AllocatorSettings:
    """When glibc asks the system for memory, and when it gives memory back.

    Args:
        mapped_bytes: blocks from this size on are mapped by themselves, where the heap has no hole.
        largest_mapped_bytes: up to which `mapped_bytes` grows with the blocks that are dropped.
        trim_bytes: free at the end of the heap, from which it shrinks.
        pad_bytes: that the heap grows by beside the block it grows for.
    """

    mapped_bytes: int = 2**17
    largest_mapped_bytes: int = 2**25
    trim_bytes: int = 2**17
    pad_bytes: int = 2**17


GLIBC = AllocatorSettings()
"""As a process begins."""

GLIBC_KEPT = AllocatorSettings(2**25, 0, 2**31 - 1, 2**28)
"""As `striate.train.keep_memory` sets it."""


class Heap:
    """Where blocks would lie, and how much of memory that makes resident.

    A block goes into the smallest hole that takes it, else to the end; a large one is mapped by
    itself. What was once written stays resident until the end of the heap is given back. Holes
    that lie side by side become one, but where a small object between them is still in use.

    Args:
        settings: of the allocator.
        merging: fraction of the sides at which two holes become one.
        free_first: sides that merge in any case: small objects fill what was free before.
        chance: another number, other sides.

    Example:
        >>> heap = Heap()
        >>> heap.take("a", 100_000)
        >>> heap.drop("a")
        >>> heap.take("b", 90_000)
        >>> heap.resident_bytes < 110_000
        True
    """

    def __init__(
        self,
        settings: AllocatorSettings = GLIBC,
        merging: float = 1.0,
        *,
        free_first: int = 0,
        chance: int = 0,
    ) -> None:
        self._settings, self._merging = settings, merging
        self._mapped_from, self._trim_from = settings.mapped_bytes, settings.trim_bytes
        self._end = self._top = self._written = self._mapped = 0
        self._holes: list[tuple[int, int]] = []
        self._by_start: dict[int, int] = {}
        self._by_end: dict[int, int] = {}
        self._blocks: dict[object, tuple[int, int]] = {}
        self._asked, self._free, self._shift = 0, free_first, chance * _APART

    @property
    def resident_bytes(self) -> int:
        """What the process has in memory now."""
        return self._mapped + self._written

    def take(self, key: object, size: int) -> None:
        """Places a block of so many bytes under a key."""
        own = -(-(size + _HEADER_BYTES) // _GRAIN_BYTES) * _GRAIN_BYTES
        wanted = own + _ALIGNMENT_BYTES
        place = bisect_left(self._holes, (wanted, -1))
        if place < len(self._holes):
            hole, start = self._holes[place]
            self._close(start, hole)
            self._open(start + own, hole - own)
            self._blocks[key] = start, own
            return
        if self._end - self._top < wanted:
            if wanted >= self._mapped_from:
                self._blocks[key] = -1, _pages(wanted)
                self._mapped += _pages(wanted)
                return
            self._end += _pages(wanted + self._settings.pad_bytes - (self._end - self._top))
        self._blocks[key] = self._top, own
        self._top += own
        self._written = max(self._written, self._top)

    def drop(self, key: object) -> None:
        """Ends the block of a key."""
        start, size = self._blocks.pop(key)
        if start < 0:
            self._mapped -= size
            if self._mapped_from < size <= self._settings.largest_mapped_bytes:
                self._mapped_from, self._trim_from = size, 2 * size
            return
        if start in self._by_end and self._merges():
            before = self._by_end[start]
            self._close(before, start - before)
            start, size = before, start + size - before
        if start + size == self._top and self._merges():
            self._top = start
            if self._end - self._top >= self._trim_from:
                self._end = self._top + _pages(self._settings.pad_bytes)
                self._written = min(self._written, self._end)
            return
        if start + size in self._by_start and self._merges():
            after = self._by_start[start + size]
            self._close(start + size, after)
            size += after
        self._open(start, size)

    def _merges(self) -> bool:
        """The same in each run, and spread evenly."""
        self._asked += 1
        if self._asked <= self._free:
            return True
        return (self._asked + self._shift) * _GOLDEN % 1 < self._merging

    def _open(self, start: int, size: int) -> None:
        insort(self._holes, (size, start))
        self._by_start[start] = size
        self._by_end[start + size] = start

    def _close(self, start: int, size: int) -> None:
        del self._holes[bisect_left(self._holes, (size, start))]
        del self._by_start[start], self._by_end[start + size]


def _pages(size: int) -> int:
    return -(-size // _PAGE_BYTES) * _PAGE_BYTES
