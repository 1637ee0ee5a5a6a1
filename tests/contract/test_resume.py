"""A state that was saved and restored goes on bit for bit: optimizers and metrics."""

import copy

import pytest
import torch
from tests.catalog.metrics import METRICS
from tests.catalog.optimizers import OPTIMIZERS

LAYOUTS = [torch.contiguous_format, torch.channels_last]


def net(layout=torch.contiguous_format):
    torch.manual_seed(3)
    parts = torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Conv2d(4, 2, 3)
    return torch.nn.Sequential(*parts).to(memory_format=layout)


def train(model, optimizer, steps):
    for step in steps:
        images = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        model(images).square().mean().backward()
        optimizer.step()


def bound(row, model):
    optimizer = row.make()
    optimizer.bind(model.parameters())
    return optimizer


def plain(saved):
    """The state as a file would bring it back: every tensor contiguous."""
    state = {
        i: {k: v.clone(memory_format=torch.contiguous_format) for k, v in entry.items()}
        for i, entry in saved["state"].items()
    }
    return {"state": state, "param_groups": copy.deepcopy(saved["param_groups"])}


@pytest.mark.parametrize("layout", LAYOUTS, ids=["contiguous", "channels last"])
@pytest.mark.parametrize("row", OPTIMIZERS, ids=str)
def test_a_restored_optimizer_continues_bit_for_bit(row, layout):
    whole = net(layout)
    optimizer = bound(row, whole)
    train(whole, optimizer, range(3))
    halted, saved = copy.deepcopy(whole.state_dict()), plain(optimizer.state_dict())
    train(whole, optimizer, range(3, 7))

    resumed = net(layout)
    resumed.load_state_dict(halted)
    again = bound(row, resumed)
    again.load_state_dict(saved)
    assert again.iterations == 3
    train(resumed, again, range(3, 7))
    for ours, theirs in zip(resumed.parameters(), whole.parameters(), strict=True):
        assert torch.equal(ours, theirs)
        for name, value in again.state[ours].items():
            assert torch.equal(value, optimizer.state[theirs][name])
    assert again.iterations == 7
    assert again.learning_rate == optimizer.learning_rate


@pytest.mark.parametrize("row", OPTIMIZERS, ids=str)
def test_state_lies_in_memory_as_its_parameter(row):
    model = net(torch.channels_last)
    optimizer = bound(row, model)
    train(model, optimizer, range(1))
    optimizer.load_state_dict(plain(optimizer.state_dict()))
    for parameter, entry in optimizer.state.items():
        for value in entry.values():
            assert value.stride() == parameter.stride()


@pytest.mark.parametrize("row", OPTIMIZERS, ids=str)
def test_parameters_without_gradient_stay(row):
    used, unused = (torch.ones(3, requires_grad=True) for _ in range(2))
    optimizer = row.make()
    optimizer.bind([("used", used), ("unused", unused)])
    used.square().sum().backward()
    optimizer.step()
    assert torch.equal(unused, torch.ones(3))
    assert not torch.equal(used, torch.ones(3))
    assert unused not in optimizer.state


@pytest.mark.parametrize("row", METRICS, ids=str)
def test_a_restored_metric_continues_bit_for_bit(row, rng):
    whole, halted = row.make(), row.make()
    first, second = row.batch(rng, 5), row.batch(rng, 8)
    whole.update(*first)
    whole.update(*second)
    halted.update(*first)
    resumed = row.make()
    resumed.load_state(halted.state())
    resumed.update(*second)
    assert torch.equal(resumed.result(), whole.result())
