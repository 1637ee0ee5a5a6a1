import torch

from striate.world import OneProcess, World


def test_one_process_is_a_world():
    world = OneProcess()
    assert isinstance(world, World)
    assert (world.rank, world.size, world.is_main) == (0, 1, True)


def test_its_sum_is_the_value_itself():
    value = torch.ones(3)
    assert OneProcess().sum(value) is value
    assert OneProcess().sum(2.5) == 2.5


def test_its_barrier_returns_at_once():
    assert OneProcess().barrier() is None


def test_something_else_is_no_world():
    class Half:
        rank = 0
        size = 1

    assert not isinstance(Half(), World)
