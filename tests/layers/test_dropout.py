import math

import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Dropout, SpatialDropout2D
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


@pytest.mark.parametrize("in_step", [False, True], ids=["torch's generator", "in a step"])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_whole_maps_are_dropped(rate, in_step):
    layer, x = SpatialDropout2D(rate), torch.ones(64, 3, 2, 100)
    if in_step:
        set_draws(layer, 7, IDS)
    y = layer(x, training=True)
    assert y.unique().tolist() == pytest.approx([0, 1 / (1 - rate)])
    assert y.equal(y[:, :1, :1].expand_as(y))
    dropped = (y[:, 0, 0] == 0).double().mean().item()
    assert abs(dropped - rate) < 4 * math.sqrt(rate * (1 - rate) / 6400)


def test_maps_are_dropped_sample_by_sample_and_the_same_in_any_batch():
    layer, x = SpatialDropout2D(0.5), torch.randn(64, 4, 5, 9)
    set_draws(layer, 7, IDS)
    whole = layer(x, training=True)
    assert len((whole[:, 0, 0] == 0).unique(dim=0)) > 40
    parts = []
    for part in (IDS[:10], IDS[10:]):
        set_draws(layer, 7, part)
        parts.append(layer(x[part], training=True))
    assert torch.cat(parts).equal(whole)


def test_spatial_dropout_in_inference_is_the_input_itself():
    x = torch.randn(2, 3, 3, 4)
    assert SpatialDropout2D(0.9)(x) is x
    assert SpatialDropout2D(0.0)(x, training=True) is x


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_spatial_dropout_keeps_the_number_type(dtype):
    layer, x = SpatialDropout2D(0.5), torch.ones(4, 1, 1, 50, dtype=dtype)
    assert layer(x, training=True).dtype == dtype
    set_draws(layer, 7, torch.arange(4))
    assert layer(x, training=True).dtype == dtype


def test_error_words_of_spatial_dropout():
    with pytest.raises(ArgumentError, match=r'SpatialDropout2D "d": `rate` must be a fraction, 0'):
        SpatialDropout2D(1.0, name="d")
    with pytest.raises(ShapeError, match=r'"d": input must have 4 dimensions \(n, h, w, c\)'):
        SpatialDropout2D(0.5, name="d")(torch.zeros(2, 4))


@pytest.mark.parametrize("kind", [Dropout, SpatialDropout2D])
def test_layers_of_one_seed_draw_the_same_whatever_torch_draws(kind):
    x = torch.ones(4, 3, 3, 16)
    first, second, other = kind(0.5, seed=3), kind(0.5, seed=3), kind(0.5, seed=4)
    drawn = [first(x, training=True), first(x, training=True)]
    torch.rand(5)
    assert [second(x, training=True).equal(y) for y in drawn] == [True, True]
    assert not drawn[0].equal(drawn[1])
    assert not other(x, training=True).equal(drawn[0])
    assert set(drawn[0].unique().tolist()) == {0.0, 2.0}


@pytest.mark.parametrize("kind", [Dropout, SpatialDropout2D])
def test_a_seed_that_is_no_whole_number_is_refused(kind):
    with pytest.raises(ArgumentError, match=r"`seed` must be a whole number\. Got seed=0\.5"):
        kind(0.5, seed=0.5)
