"""Parameters that do not decay: the others do, and everything else is as without groups."""

import copy
import pickle

import pytest
import torch
from torch import nn

from striate.errors import ArgumentError
from striate.optimizers import SGD, AdamW
from striate.optimizers.groups import without_decay
from striate.optimizers.schedules import ExponentialDecay


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))


def train(model, optimizer, steps=4):
    for step in range(steps):
        x = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()


def sparing(model, rate=0.01):
    optimizer = AdamW(rate, weight_decay=0.5, global_clipnorm=0.1)
    optimizer.exclude_from_weight_decay([model[0].bias, model[1].weight])
    optimizer.bind(model.parameters())
    return optimizer


def test_only_the_others_decay_and_clipping_sees_all():
    ours, theirs = net(), net()
    train(ours, sparing(ours))
    optimizer = AdamW(0.01, weight_decay=0.0, global_clipnorm=0.1)
    optimizer.bind(theirs.parameters())
    for step in range(4):
        x = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        theirs(x).square().mean().backward()
        with torch.no_grad():
            for parameter in (theirs[0].weight, theirs[1].bias):
                parameter.mul_(1 - 0.5 * 0.01)
        optimizer.step()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=1e-5, atol=1e-7)


def test_rates_and_steps_belong_to_both_groups():
    model = net()
    optimizer = sparing(model, ExponentialDecay(0.1, 2, decay_rate=0.5))
    train(model, optimizer)
    assert [group["iterations"] for group in optimizer.param_groups] == [4, 4]
    assert len({group["lr"] for group in optimizer.param_groups}) == 1
    optimizer.learning_rate = ExponentialDecay(0.7, 2, decay_rate=0.5)
    assert {group["lr"] for group in optimizer.param_groups} == {0.7 * 0.25}


@pytest.mark.parametrize("copy_", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_copies_remember_what_does_not_decay(copy_):
    model = net()
    optimizer = sparing(model)
    train(model, optimizer)
    assert [g["weight_decay"] for g in copy_(optimizer).param_groups] == [0.5, None]


def test_a_state_goes_on_in_the_same_groups():
    whole = net()
    optimizer = sparing(whole)
    train(whole, optimizer)
    resumed = copy.deepcopy(whole)
    again = sparing(resumed)
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    train(whole, optimizer)
    train(resumed, again)
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(a, b)


def test_binding_again_to_the_same_changes_nothing():
    model = net()
    optimizer = sparing(model)
    optimizer.bind(model.parameters())
    assert len(optimizer.param_groups) == 2


def test_groups_hold_pairs_and_leave_out_what_is_empty():
    named = list(net().named_parameters())
    spared = [tensor for name, tensor in named if name.endswith("bias")]
    first, second = without_decay(named, spared, place="SGD")
    assert [name for name, _ in first["params"]] == ["0.weight", "1.weight"]
    assert [name for name, _ in second["params"]] == ["0.bias", "1.bias"]
    everything = [tensor for _, tensor in named]
    (only,) = without_decay(everything, everything, place="SGD")
    assert only["weight_decay"] is None


def test_what_is_refused():
    model = net()
    optimizer = SGD(weight_decay=0.1)
    optimizer.exclude_from_weight_decay([torch.zeros(7)])
    words = r"SGD: `var_list` must hold parameters of the model\. Got var_list='a tensor of shape "
    with pytest.raises(ArgumentError, match=words + r"\(7,\)'\. Ask the model for them after"):
        optimizer.bind(model.parameters())
    assert not optimizer.bound
    optimizer.exclude_from_weight_decay([model[0].bias])
    words = r"SGD: `parameters` must be tensors where `exclude_from_weight_decay` was called\."
    with pytest.raises(ArgumentError, match=words):
        optimizer.bind([{"params": list(model.parameters())}])
    optimizer.bind(model.parameters())
    words = r"SGD: `var_list` must be left out before the optimizer gets its parameters\..*right a"
    with pytest.raises(ArgumentError, match=words):
        optimizer.exclude_from_weight_decay([])
