import math

import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import Dropout
from striate.layers.drawing import clear_draws, set_draws

IDS = torch.arange(64)


def test_in_inference_it_is_the_input_itself():
    x = torch.randn(2, 3)
    layer = Dropout(0.9)
    assert layer(x) is x
    set_draws(layer, 7, torch.arange(2))
    assert layer(x) is x
    assert Dropout(0.0)(x, training=True) is x


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_the_expectation_is_the_input(rate, in_step):
    layer, x = Dropout(rate), torch.ones(64, 1000)
    if in_step:
        set_draws(layer, 7, IDS)
    y = layer(x, training=True)
    assert y.unique().tolist() == pytest.approx([0, 1 / (1 - rate)])
    dropped = (y == 0).double().mean().item()
    assert abs(dropped - rate) < 4 * math.sqrt(rate * (1 - rate) / x.numel())
    assert y.mean().item() == pytest.approx(1, abs=0.02)


def test_gradient_passes_where_numbers_stayed():
    layer, x = Dropout(0.5), torch.randn(64, 9, requires_grad=True)
    set_draws(layer, 7, IDS)
    y = layer(x, training=True)
    y.sum().backward()
    assert x.grad.equal((y != 0).float() * 2)


def test_a_sample_is_thinned_the_same_in_any_batch():
    layer, x = Dropout(0.5), torch.randn(64, 4, 5, 3)
    set_draws(layer, 7, IDS)
    whole = layer(x, training=True)
    parts = []
    for part in (IDS[:10], IDS[10:11], IDS[11:]):
        set_draws(layer, 7, part)
        parts.append(layer(x[part], training=True))
    assert torch.cat(parts).equal(whole)
    set_draws(layer, 8, IDS)
    assert not layer(x, training=True).equal(whole)


def test_outside_a_step_torchs_seed_governs():
    layer, x = Dropout(0.5), torch.ones(4, 50)
    set_draws(layer, 7, torch.arange(4))
    clear_draws(layer)
    torch.manual_seed(1)
    first = layer(x, training=True)
    assert not layer(x, training=True).equal(first)
    torch.manual_seed(1)
    assert layer(x, training=True).equal(first)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_the_number_type_stays(dtype):
    layer, x = Dropout(0.5), torch.ones(4, 50, dtype=dtype)
    assert layer(x, training=True).dtype == dtype
    set_draws(layer, 7, torch.arange(4))
    assert layer(x, training=True).dtype == dtype


@pytest.mark.parametrize("rate", [1.0, -0.1, "half", None, True])
def test_error_words(rate):
    with pytest.raises(ArgumentError, match=r"Dropout .dropout.: `rate` must be a fraction, 0 <="):
        Dropout(rate)
