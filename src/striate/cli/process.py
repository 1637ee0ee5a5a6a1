"""What the command line sets for its process, before torch is imported."""

from __future__ import annotations

import os

from striate import settings

__all__ = ["prepare"]


def prepare() -> None:
    """Sets how many threads compute, and that they sleep while they wait for each other.

    STRIATE_THREADS is the number; without it torch takes the cores. By default OpenMP's threads
    spin while they wait. Where another program wants a core, each then steals the time of the one
    it waits for: a training of small pictures beside two busy processes was 16 times slower. What
    OMP_NUM_THREADS and OMP_WAIT_POLICY say already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    threads = settings.threads()
    if threads is not None:
        os.environ["OMP_NUM_THREADS"] = str(threads)
