"""StochasticDepth: whole samples are left out, the same ones whatever the batch."""

import math

import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import StochasticDepth
from striate.layers.drawing import clear_draws, set_draws

IDS = torch.arange(4000)


def test_in_inference_it_is_the_input_itself():
    x = torch.randn(2, 3, 3, 4)
    layer = StochasticDepth(0.9)
    assert layer(x) is x
    set_draws(layer, 7, torch.arange(2))
    assert layer(x) is x
    assert StochasticDepth(0.0)(x, training=True) is x


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("shape", [(2, 3, 4), (5,), ()], ids=str)
def test_whole_samples_are_left_out_and_the_expectation_is_the_input(rate, in_step, shape):
    layer, x = StochasticDepth(rate), torch.ones(4000, *shape)
    if in_step:
        set_draws(layer, 7, IDS)
    y = layer(x, training=True).reshape(4000, -1)
    assert y.unique().tolist() == pytest.approx([0, 1 / (1 - rate)])
    assert y.equal(y[:, :1].expand_as(y))
    dropped = (y[:, 0] == 0).double().mean().item()
    assert abs(dropped - rate) < 4 * math.sqrt(rate * (1 - rate) / 4000)


def test_a_sample_fares_the_same_in_any_batch():
    layer, x = StochasticDepth(0.5), torch.randn(64, 4, 5, 3)
    set_draws(layer, 7, IDS[:64])
    whole = layer(x, training=True)
    parts = []
    for part in (IDS[:10], IDS[10:11], IDS[11:64]):
        set_draws(layer, 7, part)
        parts.append(layer(x[part], training=True))
    assert torch.cat(parts).equal(whole)
    set_draws(layer, 8, IDS[:64])
    assert not layer(x, training=True).equal(whole)


def test_outside_a_step_torchs_seed_governs():
    layer, x = StochasticDepth(0.5), torch.ones(50, 4)
    set_draws(layer, 7, IDS[:50])
    clear_draws(layer)
    torch.manual_seed(1)
    first = layer(x, training=True)
    assert not layer(x, training=True).equal(first)
    torch.manual_seed(1)
    assert layer(x, training=True).equal(first)


def test_layers_of_one_seed_draw_the_same():
    x = torch.ones(50, 3, 3, 2)
    first, second, other = (StochasticDepth(0.5, seed=seed) for seed in (3, 3, 4))
    drawn = first(x, training=True)
    torch.rand(5)
    assert second(x, training=True).equal(drawn)
    assert not other(x, training=True).equal(drawn)


def test_gradient_passes_for_the_samples_that_stayed():
    layer, x = StochasticDepth(0.5), torch.randn(64, 2, 2, 3, requires_grad=True)
    set_draws(layer, 7, IDS[:64])
    y = layer(x, training=True)
    y.sum().backward()
    assert x.grad.equal((y != 0).float() * 2)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_the_number_type_stays(dtype):
    layer, x = StochasticDepth(0.5), torch.ones(8, 1, 1, 5, dtype=dtype)
    assert layer(x, training=True).dtype == dtype
    set_draws(layer, 7, IDS[:8])
    assert layer(x, training=True).dtype == dtype


@pytest.mark.parametrize("rate", [1.0, -0.1, "half", None, True])
def test_error_words(rate):
    with pytest.raises(
        ArgumentError, match=r'StochasticDepth "d": `rate` must be a fraction, 0 <='
    ):
        StochasticDepth(rate, name="d")


def test_a_seed_that_is_no_whole_number_is_refused():
    with pytest.raises(ArgumentError, match=r"`seed` must be a whole number\. Got seed=0\.5"):
        StochasticDepth(0.5, seed=0.5)
