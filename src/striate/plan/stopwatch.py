"""A stopwatch: the least time that each of many calls takes, however busy the machine is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

__all__ = ["least_seconds"]


def least_seconds(
    calls: Sequence[Callable[[], Any]],
    device: torch.device,
    *,
    budget_seconds: float,
    least_rounds: int = 2,
) -> list[float]:
    """The least time of each call.

    All are called in turn, round after round, so that another program that runs for a moment
    does not meet the same call each time. The first round is not counted. Where one thread
    computes its processor time is taken, which others do not change.

    Args:
        calls: to be timed.
        device: that they run on; it is waited for.
        budget_seconds: no further round begins after them, by the same clock.
        least_rounds: that are made all the same.

    Example:
        >>> calls = [lambda: sum(range(1000)), lambda: sum(range(100_000))]
        >>> short, long = least_seconds(calls, torch.device("cpu"), budget_seconds=0.01)
        >>> 0 < short < long < 1
        True
    """
    one_thread = device.type == "cpu" and torch.get_num_threads() == 1
    clock = time.process_time if one_thread else time.perf_counter
    least = [float("inf")] * len(calls)
    end = clock() + budget_seconds
    with _no_collection():
        for each in calls:
            each()
        rounds = 0
        while rounds < least_rounds or clock() < end:
            for place, each in enumerate(calls):
                _wait(device)
                start = clock()
                made = each()
                _wait(device)
                least[place] = min(least[place], clock() - start)
                del made
            rounds += 1
    return least


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Within it Python does not look for what is no longer used."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
