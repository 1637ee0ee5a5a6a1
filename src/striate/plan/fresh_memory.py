"""Fresh memory: bytes whose pages the system has to give anew in every step, which takes time."""

from __future__ import annotations

import numpy as np

from .timeline import Storage, Timeline

__all__ = ["LARGEST_REUSED_BYTES", "fresh_bytes"]

LARGEST_REUSED_BYTES = 2**26
"""What is greater finds no room in what the C library keeps of freed memory, so it goes back."""

_STAY = ("weights", "optimizer", "average", "batch")


def fresh_bytes(timeline: Timeline, batch: int) -> int:
    """The bytes of one run that come from the system, and not from what was freed before.

    Every tensor greater than 64 MiB that the run makes does, such as the gradient of a large
    dense layer.

    Args:
        timeline: of the run.
        batch: its samples.

    Example:
        >>> from striate.plan import Storage
        >>> line = Timeline((Storage("passing", "", "forward", 0, 2**20),), (1, -1))
        >>> fresh_bytes(line, 64), fresh_bytes(line, 65)
        (0, 68157440)
    """
    if not timeline.events:
        return 0
    start = timeline.events.index(1)  # what stands before is left of the last run
    made = np.array([event - 1 for event in timeline.events[start:] if event > 0])
    passes = np.array([_is_made(timeline.storages[number]) for number in made])
    sizes = timeline.sizes(batch)[made]
    return int(sizes[passes & (sizes > LARGEST_REUSED_BYTES)].sum())


def _is_made(storage: Storage) -> bool:
    """Whether it begins in each run; gradients that stand at its beginning are the last one's."""
    if storage.kind == "gradients":
        return storage.phase != "step"
    return storage.kind not in _STAY
