"""The stopwatch against calls whose time is known."""

import gc
import time

import pytest
import torch

from striate.plan.stopwatch import least_seconds

CPU = torch.device("cpu")


@pytest.fixture
def threads():
    """Sets how many threads compute, for one test."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_processor_time_of_one_thread(threads):
    threads(1)
    work, wait = least_seconds(
        [lambda: busy(0.02), lambda: time.sleep(0.02)], CPU, budget_seconds=0
    )
    assert 0.02 <= work < 0.03
    assert wait < 0.01


def test_time_on_the_wall_of_several(threads):
    threads(2)
    assert least_seconds([lambda: time.sleep(0.02)], CPU, budget_seconds=0)[0] >= 0.02


def test_rounds_in_turn_and_the_first_not_counted():
    seen = []
    calls = [lambda: seen.append("a"), lambda: seen.append(gc.isenabled())]
    least_seconds(calls, CPU, budget_seconds=0, least_rounds=2)
    assert seen == ["a", False] * 3
    assert gc.isenabled()
    seen.clear()
    least_seconds([lambda: seen.append(busy(0.01))], CPU, budget_seconds=0.1)
    assert 3 <= len(seen) <= 12
