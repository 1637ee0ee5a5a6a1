"""The state of any optimizer goes to files and back: the next updates are the same, bit for bit."""

import json
import tempfile

import pytest
import torch
from torch import nn

from striate.errors import WeightsError
from striate.io.store import read_folder, write_folder
from striate.train.optimizer_state import load_optimizer, optimizer_state
from striate.train.state_tree import put_together, take_apart
from tests.catalog.optimizers import OPTIMIZERS

TORCHS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1),
    "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, 0.01, amsgrad=True),
    "fused adamw": lambda p: torch.optim.AdamW(p, 0.01, fused=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01, momentum=0.5, centered=True),
    "adadelta": lambda p: torch.optim.Adadelta(p),
    "tensor rate": lambda p: torch.optim.Adam(p, torch.tensor(0.01), capturable=False),
}


def net(layout=torch.channels_last):
    torch.manual_seed(3)
    parts = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 1)
    return nn.Sequential(*parts).to(memory_format=layout)


def train(model, optimizer, steps):
    for number in steps:
        images = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(number))
        optimizer.zero_grad()
        model(images).square().mean().backward()
        optimizer.step()


def through_files(state):
    """The state as a checkpoint brings it back."""
    form, tensors = take_apart("fit", state)
    with tempfile.TemporaryDirectory() as parent:
        folder = write_folder(f"{parent}/state", {"o.safetensors": tensors})
        tensors = read_folder(folder)["o.safetensors"]
    return put_together(json.loads(json.dumps(form)), tensors)


def goes_on(make):
    whole = net()
    optimizer = make(whole.parameters())
    train(whole, optimizer, range(3))
    halted = {name: tensor.clone() for name, tensor in whole.state_dict().items()}
    saved = through_files(optimizer_state(whole, optimizer))
    train(whole, optimizer, range(3, 6))
    resumed = net()
    resumed.load_state_dict(halted)
    again = make(resumed.parameters())
    load_optimizer(resumed, again, saved, place="here")
    train(resumed, again, range(3, 6))
    for ours, theirs in zip(resumed.parameters(), whole.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    mine, wanted = (take_apart("x", o.state_dict())[1] for o in (again, optimizer))
    assert mine.keys() == wanted.keys()
    assert all(torch.equal(mine[name], wanted[name]) for name in wanted)
    assert all(mine[name].stride() == wanted[name].stride() for name in wanted)


@pytest.mark.parametrize("name", TORCHS)
def test_an_optimizer_of_torch_goes_on(name):
    goes_on(TORCHS[name])


@pytest.mark.parametrize("row", OPTIMIZERS, ids=str)
def test_an_optimizer_of_ours_goes_on(row):
    def make(parameters):
        optimizer = row.make()
        optimizer.bind(parameters)
        return optimizer

    goes_on(make)


def test_groups_keep_their_numbers():
    model = net()
    groups = [{"params": list(model[0].parameters()), "lr": 0.5}, {"params": [model[2].weight]}]
    optimizer = torch.optim.SGD(groups, 0.1, momentum=0.9)
    train(model, optimizer, range(1))
    optimizer.param_groups[1]["lr"] = 0.025
    state = through_files(optimizer_state(model, optimizer))
    assert state["parameters"] == ["0.weight", "0.bias", "2.weight"]
    other = torch.optim.SGD([{**each} for each in groups], 0.1, momentum=0.9)
    load_optimizer(model, other, state, place="here")
    assert [group["lr"] for group in other.param_groups] == [0.5, 0.025]


def test_a_parameter_of_another_origin_is_named_by_its_place():
    extra = torch.ones(1, requires_grad=True)
    model = net()
    optimizer = torch.optim.SGD([extra, model[0].bias], 0.1)
    assert optimizer_state(model, optimizer)["parameters"] == ["parameter 0", "0.bias"]


def test_the_state_of_other_parameters_is_refused():
    model = net()
    state = optimizer_state(model, torch.optim.SGD(model.parameters(), 0.1))
    fewer = torch.optim.SGD([model[0].weight], 0.1)
    with pytest.raises(WeightsError, match=r"here: must hold the state of this optimizer's param"):
        load_optimizer(model, fewer, state, place="here")
    turned = torch.optim.SGD(list(model.parameters())[::-1], 0.1)
    with pytest.raises(WeightsError, match="a difference in their order, or the groups"):
        load_optimizer(model, turned, state, place="here")


def test_state_comes_to_lie_as_a_parameter_of_any_strides():
    def made():
        module = nn.Module()
        module.turned = nn.Parameter(torch.arange(6.0).reshape(3, 2).t())
        return module, torch.optim.SGD(module.parameters(), 0.1, momentum=0.9)

    first, optimizer = made()
    first.turned.square().sum().backward()
    optimizer.step()
    second, other = made()
    load_optimizer(second, other, through_files(optimizer_state(first, optimizer)), place="here")
    kept, wanted = (
        o.state[m.turned]["momentum_buffer"] for m, o in ((second, other), (first, optimizer))
    )
    assert kept.stride() == wanted.stride() == second.turned.stride() == (1, 2)
    assert torch.equal(kept, wanted)
