"""The average is the formula's, and putting it in and out loses no bit."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from striate.errors import ArgumentError
from striate.train import WeightAverage


def net(dtype=torch.float32, layout=torch.channels_last):
    torch.manual_seed(0)
    parts = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU()
    return nn.Sequential(*parts).to(dtype).to(memory_format=layout)


def shake(model, seed):
    """Other weights and statistics, as an update and a batch would leave them."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in model.state_dict().values():
            if value.is_floating_point():
                value.add_(torch.randn(value.shape, generator=generator))
            else:
                value.add_(1)


def kept(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def equal(a, b):
    return a.keys() == b.keys() and all(
        torch.equal(a[name], b[name]) and a[name].stride() == b[name].stride() for name in a
    )


@given(decay=st.floats(0, 0.9999), updates=st.integers(0, 30))
def test_it_is_the_formula_in_the_order_of_the_updates(decay, updates):
    model = nn.Linear(2, 1).double()
    average = WeightAverage(model, decay)
    wanted = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    for step in range(updates):
        shake(model, step)
        average.update()
        part = min(decay, (1 + step) / (10 + step))
        for name, value in model.state_dict().items():
            wanted[name] = part * wanted[name] + (1 - part) * value.numpy()
    assert average.updates == updates
    for name, value in average.averages.items():
        np.testing.assert_allclose(value.numpy(), wanted[name], rtol=1e-12, atol=1e-13)


def test_parameters_and_float_buffers_are_averaged_and_counters_are_not():
    model = net()
    average = WeightAverage(model)
    assert set(average.averages) == {n for n in model.state_dict() if not n.endswith("tracked")}
    model.register_buffer("passing", torch.zeros(1), persistent=False)
    model.append(model[1])  # a module that stands twice
    assert len(WeightAverage(model).averages) == len(average.averages)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_in_and_out_loses_no_bit_and_no_layout(dtype, layout):
    model = net(dtype, layout)
    average = WeightAverage(model, 0.9)
    shake(model, 1)
    average.update()
    before, tensors = kept(model), dict(model.named_parameters())
    with average.swapped():
        inside = kept(model)
        assert average.is_in
        assert equal(average.raw, {name: before[name] for name in average.raw})
        with average.swapped():
            assert equal(kept(model), inside)
        assert average.is_in
    assert equal(kept(model), before)
    assert not average.is_in
    assert average.raw is None
    assert all(tensors[name] is value for name, value in model.named_parameters())
    for name, value in average.averages.items():
        assert torch.equal(inside[name], value.to(dtype))
        assert value.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
        assert inside[name].stride() == before[name].stride()
        assert not torch.equal(inside[name], before[name])


def test_half_formats_are_averaged_in_float32():
    """In bfloat16 a step of 1/1000 would be lost in rounding."""
    model = nn.Linear(1, 1, bias=False).bfloat16()
    nn.init.zeros_(model.weight)
    average = WeightAverage(model, 0.999)
    average.updates = 100_000
    nn.init.ones_(model.weight)
    for _ in range(1000):
        average.update()
    assert average.averages["weight"].item() == pytest.approx(1 - 0.999**1000, rel=1e-3)


def test_an_error_inside_puts_the_weights_back():
    model = net()
    average = WeightAverage(model)
    shake(model, 1)
    before = kept(model)
    with pytest.raises(KeyboardInterrupt), average.swapped():
        raise KeyboardInterrupt
    assert equal(kept(model), before)


def test_put_in_and_take_out_may_be_said_twice():
    model = net()
    average = WeightAverage(model)
    shake(model, 1)
    average.update()
    before = kept(model)
    average.take_out()
    assert equal(kept(model), before)
    average.put_in()
    inside = kept(model)
    average.put_in()
    assert equal(kept(model), inside)
    average.take_out()
    assert equal(kept(model), before)


def test_tensors_that_the_model_replaces_are_followed():
    model = net()
    average = WeightAverage(model, 0.0)
    model[1].running_mean = torch.full((4,), 7.0)  # as moving to a device does with buffers
    average.update()
    assert torch.equal(average.averages["1.running_mean"], torch.full((4,), 7.0))


@pytest.mark.parametrize("is_in", [False, True])
def test_a_restored_average_goes_on_bit_for_bit(is_in):
    whole = net()
    average = WeightAverage(whole, 0.9)
    for seed in range(3):
        shake(whole, seed)
        average.update()
    if is_in:
        average.put_in()
    halted, state = kept(whole), copy.deepcopy(average.state_dict())
    state["averages"] = {n: t.contiguous() for n, t in state["averages"].items()}  # as from a file
    average.take_out()

    resumed = net()
    resumed.load_state_dict(halted)
    again = WeightAverage(resumed, 0.5)
    again.load_state_dict(state)
    assert again.is_in is is_in
    again.take_out()
    for seed in range(3, 6):
        for model, each in ((whole, average), (resumed, again)):
            shake(model, seed)
            each.update()
    assert equal(kept(resumed), kept(whole))
    assert equal(again.averages, average.averages)
    assert (again.updates, again.decay) == (6, 0.9)


@pytest.mark.parametrize(
    ("spoil", "odd"),
    [
        (lambda state: state["averages"].pop("0.bias"), "'0.bias'"),
        (lambda state: state["averages"].update(more=torch.zeros(1)), "'more'"),
        (lambda state: state["raw"].update({"0.bias": torch.zeros(9)}), "'0.bias'"),
    ],
)
def test_a_state_of_another_model_is_refused_and_changes_nothing(spoil, odd):
    average = WeightAverage(net())
    average.put_in()
    state = copy.deepcopy(average.state_dict())
    spoil(state)
    before = copy.deepcopy(average.state_dict())
    words = rf"WeightAverage: `state` must hold a tensor for each of the model's\. Got state={odd}"
    with pytest.raises(ArgumentError, match=words):
        average.load_state_dict(state)
    assert equal(average.averages, before["averages"])


@pytest.mark.parametrize("decay", [1.0, -0.1, "0.9", True])
def test_a_decay_out_of_range(decay):
    with pytest.raises(ArgumentError, match=r"WeightAverage: `decay` must be a fraction"):
        WeightAverage(net(), decay)


def test_a_model_without_numbers():
    average = WeightAverage(nn.Flatten())
    average.update()
    with average.swapped():
        assert average.averages == {}
