"""Timeline: when each piece of memory of a run begins and ends, and what that comes to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .. import _check
from .operations import Operation

__all__ = ["KINDS", "WORKSPACE", "Peak", "Storage", "Timeline"]

KINDS = ("weights", "gradients", "optimizer", "average", "batch", "kept", "passing")
"""What memory is for: "kept" waits for the backward pass, "passing" is of the moment."""

WORKSPACE = "workspace"
"""The kind of what is no tensor: what an operation takes while it runs. No peak counts it."""

_MOST_SAMPLES = 2**30
_MOST_BYTES = 2**62

Integers = npt.NDArray[np.int64]


class Storage(NamedTuple):
    """One piece of memory of a run: fixed_bytes + sample_bytes * samples.

    Args:
        kind: one of `KINDS`, or `WORKSPACE`.
        layer: that made it; "" outside the layers.
        phase: in which it began.
        fixed_bytes: whatever the batch.
        sample_bytes: more for each sample.
    """

    kind: str
    layer: str
    phase: str
    fixed_bytes: int
    sample_bytes: int


@dataclass(frozen=True)
class Peak:
    """The moment of a run at which most memory is held.

    Args:
        total_bytes: of all that is held.
        phase: of the run, such as "forward" or "backward".
        layer: that asked for the last of it; "" outside the layers.
        by_kind: bytes of each of `KINDS` that is there.
        by_layer: bytes of what each layer made, weights and the like not counted.
    """

    total_bytes: int
    phase: str
    layer: str
    by_kind: dict[str, int] = field(hash=False)
    by_layer: dict[str, int] = field(hash=False)


@dataclass(frozen=True)
class Timeline:
    """The memory of a run, for any batch.

    Args:
        storages: all that there are.
        events: in order: number i + 1 where storage i begins, -(i + 1) where it ends.
        parts: in which a batch passes; sizes are then for the samples of one part, those of kind
            "batch" for all parts of so many samples.
        operations: of the run, for the samples of one part.

    Example:
        >>> batch = Storage("batch", "", "forward", 0, 8)
        >>> made = Storage("passing", "dense", "forward", 0, 4)
        >>> line = Timeline((batch, made), (1, 2, -2, -1))
        >>> line.peak(100).total_bytes, line.largest_batch(1_205)
        (1200, 100)
    """

    storages: Sequence[Storage] = field(repr=False)
    events: Sequence[int] = field(repr=False)
    parts: int = 1
    operations: Sequence[Operation] = field(default=(), repr=False)

    def peak_bytes(self, batch: int) -> int:
        """The most that is held at one time, for a batch of so many samples."""
        return int(self._held(batch).max(initial=0))

    def peak(self, batch: int) -> Peak:
        """The moment at which most is held, and what it is."""
        held, sizes = self._held(batch), self.sizes(batch)
        if not held.size:
            return Peak(0, "", "", {}, {})
        moment = int(held.argmax())
        alive = np.zeros(len(sizes), dtype=bool)
        alive[self._which[: moment + 1][self._signs[: moment + 1] > 0]] = True
        alive[self._which[: moment + 1][self._signs[: moment + 1] < 0]] = False
        by_kind = dict.fromkeys(KINDS, 0)
        by_layer: dict[str, int] = {}
        for number in np.flatnonzero(alive).tolist():
            storage, size = self.storages[number], int(sizes[number])
            by_kind[storage.kind] += size
            if storage.kind in ("kept", "passing") and storage.layer:
                by_layer[storage.layer] = by_layer.get(storage.layer, 0) + size
        last = self.storages[int(self._which[moment])]
        found = {kind: size for kind, size in by_kind.items() if size}
        return Peak(int(held[moment]), last.phase, last.layer, found, by_layer)

    def largest_batch(self, limit_bytes: int, more: Callable[[int], int] = lambda batch: 0) -> int:
        """The largest batch whose peak stays within a limit; 0 where not even one sample does.

        Args:
            limit_bytes: that there are.
            more: bytes beside the tensors for a batch; they grow with it.
        """

        def fits(batch: int) -> bool:
            return self.peak_bytes(batch) + more(batch) <= limit_bytes

        if not fits(1):
            return 0
        low = 1
        while 2 * low <= self._most_samples and fits(2 * low):
            low *= 2
        high = min(2 * low, self._most_samples + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return low

    def kept_bytes(self) -> dict[str, int]:
        """Layer -> bytes a sample of what it made and the backward pass waits for."""
        found: dict[str, int] = {}
        for storage in self.storages:
            if storage.kind == "kept" and storage.layer:
                found[storage.layer] = found.get(storage.layer, 0) + storage.sample_bytes
        return {layer: size // self.parts for layer, size in found.items()}

    def _held(self, batch: int) -> Integers:
        """Bytes held after each event."""
        held: Integers = np.cumsum(self.sizes(batch)[self._which] * self._signs)
        return held

    def sizes(self, batch: int, *, workspaces: bool = False) -> Integers:
        """Bytes of each storage for a batch; of workspaces 0 where they are not asked for.

        Raises:
            ArgumentError: a batch below 1, or so great that its bytes cannot be counted.
        """
        if _check.positive_int("plan", "batch", batch) > self._most_samples:
            _check.fail("plan", "batch", f"be at most {self._most_samples} here", batch)
        samples = -(-batch // self.parts)
        whole = self._fixed + self._each * batch // self.parts
        found = np.where(self._is_batch, whole, self._fixed + self._each * samples)
        return found if workspaces else np.where(self._is_tensor, found, 0)

    @cached_property
    def _most_samples(self) -> int:
        """Of a batch: the bytes of all its storages together must be counted in 64 bits."""
        fixed = sum(storage.fixed_bytes for storage in self.storages)
        each = sum(storage.sample_bytes for storage in self.storages)
        return max(1, min(_MOST_SAMPLES, (_MOST_BYTES - fixed) // max(1, each)))

    @cached_property
    def _fixed(self) -> Integers:
        return np.array([storage.fixed_bytes for storage in self.storages], dtype=np.int64)

    @cached_property
    def _each(self) -> Integers:
        return np.array([storage.sample_bytes for storage in self.storages], dtype=np.int64)

    @cached_property
    def _is_tensor(self) -> npt.NDArray[np.bool_]:
        return np.array([storage.kind != WORKSPACE for storage in self.storages], dtype=np.bool_)

    @cached_property
    def _is_batch(self) -> npt.NDArray[np.bool_]:
        return np.array([storage.kind == "batch" for storage in self.storages], dtype=np.bool_)

    @cached_property
    def _which(self) -> Integers:
        return np.abs(np.array(self.events, dtype=np.int64)) - 1

    @cached_property
    def _signs(self) -> Integers:
        return np.sign(np.array(self.events, dtype=np.int64))
