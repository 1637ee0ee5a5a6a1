"""The job of the input: one epoch of shuffled batches, and nothing learned from them."""

from __future__ import annotations

import resource
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

SIZE, BATCH, MEMORY_BATCH = (180, 180), 32, 64


class Input(ABC):
    """Batches of a folder of JPEGs, or of arrays in an .npz file.

    Args:
        folder: of class folders; or the file.
        cache: folder where decoded pictures may be kept.
        threads: that may work.
        settings: of the contender.
    """

    def __init__(self, folder: str, cache: str, *, threads: int, **settings: Any) -> None:
        self.folder, self.cache, self.threads = folder, cache, threads
        self.prepare(**settings)

    @abstractmethod
    def prepare(self, **settings: Any) -> None:
        """What is done once, and not timed."""

    def forget(self) -> None:  # noqa: B027  most have nothing to forget
        """What makes the next epoch the first one again; not timed."""

    @abstractmethod
    def count(self) -> int:
        """Pictures of one epoch, every batch of it taken."""

    @abstractmethod
    def versions(self) -> dict[str, str]:
        """Package -> version."""

    def measure(self, *, by_processor: bool = False) -> float:
        """Pictures a second of one epoch; by_processor: a second of processor time."""
        self.forget()
        started, used = time.perf_counter(), processor_seconds()
        count = self.count()
        seconds = time.perf_counter() - started
        return count / (processor_seconds() - used if by_processor else seconds)


def jpegs(folder: str) -> list[str]:
    return sorted(str(path) for path in Path(folder).rglob("*.jpg"))


def processor_seconds() -> float:
    """Of this process and of its workers that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)
