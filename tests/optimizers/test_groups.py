"""Parameters that do not decay, or learn slower: everything else is as without groups."""

import copy
import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from striate.errors import ArgumentError
from striate.optimizers import SGD, AdamW
from striate.optimizers.groups import grouped
from striate.optimizers.schedules import ExponentialDecay, PiecewiseConstantDecay


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
    first, second = grouped(named, spared, {}, place="SGD")
    assert [name for name, _ in first["params"]] == ["0.weight", "1.weight"]
    assert [name for name, _ in second["params"]] == ["0.bias", "1.bias"]
    everything = [tensor for _, tensor in named]
    (only,) = grouped(everything, everything, {}, place="SGD")
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


def deep(model, optimizer):
    """The first layer learns at a tenth, the last bias at half of the rate and without decay."""
    optimizer.scale_learning_rate(model[0].parameters(), 0.1)
    optimizer.scale_learning_rate([model[1].bias], 0.5)
    optimizer.exclude_from_weight_decay([model[0].bias, model[1].bias])
    optimizer.bind(model.parameters())
    return optimizer


def groups_of_torch(model, rate, decay):
    (kernel_1, bias_1), (kernel_2, bias_2) = (layer.parameters() for layer in model)
    rows = [(kernel_1, 0.1, 1), (bias_1, 0.1, 0), (kernel_2, 1, 1), (bias_2, 0.5, 0)]
    return [
        {"params": [parameter], "lr": rate * factor, "weight_decay": decay * decays}
        for parameter, factor, decays in rows
    ]


def test_rates_and_decay_are_those_of_groups_in_torch():
    ours, theirs = net(), net()
    train(ours, deep(ours, AdamW(0.01, weight_decay=0.5, epsilon=1e-12)))
    train(theirs, torch.optim.AdamW(groups_of_torch(theirs, 0.01, 0.5), eps=1e-12))
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=1e-6, atol=1e-7)


@given(
    factors=st.lists(st.sampled_from([0.03, 0.5, 1.0, 2.0]), min_size=4, max_size=4),
    decays=st.lists(st.booleans(), min_size=4, max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_any_factors_under_a_schedule(factors, decays):
    ours, theirs = net(), net()
    optimizer = SGD(PiecewiseConstantDecay([1], [0.3, 0.05]), weight_decay=0.2)
    for parameter, factor in zip(ours.parameters(), factors, strict=True):
        optimizer.scale_learning_rate([parameter], factor)
    spared = zip(ours.parameters(), decays, strict=True)
    optimizer.exclude_from_weight_decay([p for p, decays in spared if not decays])
    optimizer.bind(ours.parameters())
    train(ours, optimizer)
    for step, rate in enumerate([0.3, 0.3, 0.05, 0.05]):
        x = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        theirs.zero_grad()
        theirs(x).square().mean().backward()
        with torch.no_grad():
            for parameter, factor, decay in zip(theirs.parameters(), factors, decays, strict=True):
                parameter.mul_(1 - 0.2 * decay * rate * factor)
                parameter.sub_(rate * factor * parameter.grad)
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rate", [0.01, ExponentialDecay(0.1, 2, decay_rate=0.5)])
def test_the_rate_is_told_and_set_without_the_factors(rate):
    model = net()
    optimizer = deep(model, SGD(rate))
    train(model, optimizer)
    assert optimizer.learning_rate == (rate(4) if callable(rate) else rate)
    optimizer.learning_rate = ExponentialDecay(0.3, 9, decay_rate=1.0) if callable(rate) else 0.3
    assert optimizer.learning_rate == pytest.approx(0.3)
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx(
        [0.3, 0.15, 0.03, 0.03]
    )


def test_where_all_have_one_factor_the_rate_is_told_without_it():
    model = net()
    optimizer = SGD(0.3)
    optimizer.scale_learning_rate(model.parameters(), 0.1)
    optimizer.bind(model.parameters())
    assert optimizer.learning_rate == pytest.approx(0.3)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.03)


def test_the_last_factor_of_a_parameter_holds_and_factor_one_needs_no_group():
    model = net()
    optimizer = SGD(0.3)
    optimizer.scale_learning_rate(model.parameters(), 0.1)
    optimizer.scale_learning_rate(model.parameters(), 1)
    optimizer.bind(model.parameters())
    assert len(optimizer.param_groups) == 1
    assert "lr_scale" not in optimizer.param_groups[0]


@pytest.mark.parametrize("copy_", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_copies_remember_the_factors_before_and_after_binding(copy_):
    model = net()
    early = SGD(0.3)
    early.scale_learning_rate([model[0].weight], 0.1)
    twin, other = copy_((model, early))
    other.bind(twin.parameters())
    assert [group["lr"] for group in other.param_groups] == pytest.approx([0.3, 0.03])
    early.bind(model.parameters())
    assert [g["lr_scale"] for g in copy_(early).param_groups[1:]] == [0.1]


def test_a_state_goes_on_with_its_factors():
    whole = net()
    optimizer = deep(whole, AdamW(0.01))
    train(whole, optimizer)
    resumed = copy.deepcopy(whole)
    again = deep(resumed, AdamW(0.5))
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    train(whole, optimizer)
    train(resumed, again)
    for a, b in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(a, b)


def test_torch_schedulers_keep_the_factors():
    model = net()
    optimizer = deep(model, SGD(0.4))
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    train(model, optimizer, 1)
    scheduler.step()
    assert optimizer.learning_rate == pytest.approx(0.2)
    assert optimizer.param_groups[-1]["lr"] == pytest.approx(0.02)


def test_what_factors_are_refused():
    model = net()
    optimizer = SGD(0.1)
    words = r"SGD: `factor` must be above 0: what shall not train is frozen\..*trainable = False"
    with pytest.raises(ArgumentError, match=words):
        optimizer.scale_learning_rate(model.parameters(), 0)
    for factor in (-1.0, float("nan"), "0.1", True):
        with pytest.raises(ArgumentError, match="SGD: `factor` must be a number above 0"):
            optimizer.scale_learning_rate(model.parameters(), factor)
    optimizer.scale_learning_rate([model[0].bias], 0.1)
    words = r"SGD: `parameters` must be tensors where `scale_learning_rate` was called\..*lr_scale"
    with pytest.raises(ArgumentError, match=words):
        optimizer.bind([{"params": list(model.parameters())}])
    with pytest.raises(ArgumentError, match="`var_list` must hold parameters of the model"):
        optimizer.bind(model[1].parameters())
    optimizer.bind(model.parameters())
    words = "SGD: `var_list` must get a factor before the optimizer gets its parameters"
    with pytest.raises(ArgumentError, match=words):
        optimizer.scale_learning_rate([], 0.1)


def test_torch_group_dicts_may_hold_the_factor():
    model = net()
    optimizer = SGD(0.1)
    optimizer.bind(
        [{"params": model[1].parameters()}, {"params": model[0].parameters(), "lr_scale": 0.5}]
    )
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.05]
