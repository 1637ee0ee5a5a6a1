"""kept_bytes: of layers and nets, for any batch, and what it leaves alone."""

import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError, NotBuiltError, PlanError
from striate.models import kept_bytes


def built(layer, *shape):
    layer.build((None, *shape))
    return layer


def test_a_convolution_keeps_only_what_it_is_given():
    layer = built(layers.Conv2D(5, 3), 6, 6, 2)
    assert kept_bytes(layer, (4, 6, 6, 2)) == 0
    with_relu = built(layers.Conv2D(5, 3, activation="relu"), 6, 6, 2)
    assert kept_bytes(with_relu, (4, 6, 6, 2)) == 4 * 4 * 4 * 5 * 4


def test_normalisation_keeps_numbers_a_channel_and_none_a_sample():
    layer = built(layers.BatchNormalization(), 6, 6, 3)
    assert kept_bytes(layer, (8, 6, 6, 3)) == kept_bytes(layer, (1, 6, 6, 3)) == 3 * 3 * 4


def test_a_net_keeps_what_its_layers_keep():
    parts = [layers.Conv2D(4, 3), layers.MaxPooling2D(), layers.Flatten()]
    model = striate.Sequential([striate.Input((8, 8, 2)), *parts])
    map_bytes, places = 6 * 6 * 4 * 4, 3 * 3 * 4 * 8
    assert kept_bytes(model, (1, 8, 8, 2)) == map_bytes + places


def test_the_layer_stays_as_it_is():
    layer = built(layers.Dropout(0.5, seed=1), 4)
    before, state = torch.get_rng_state(), layer.draw_count.clone()
    kept_bytes(layer, (2, 4))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(state, layer.draw_count)
    assert not layer.training
    assert not layer._forward_hooks
    assert not layer._forward_pre_hooks


def test_a_layer_without_memory_or_numbers():
    with torch.device("meta"):
        huge = built(layers.Dense(10**6, activation="relu"), 10**6)
    assert kept_bytes(huge, (10**4, 10**6)) == 4 * 10**10


def test_words():
    with pytest.raises(NotBuiltError, match='Dense "dense": `kept_bytes` must wait'):
        kept_bytes(layers.Dense(2), (1, 2))
    layer = built(layers.Dense(2), 3)
    with pytest.raises(ArgumentError, match="kept_bytes: `input_shape` must hold no open size"):
        kept_bytes(layer, (None, 3))
    with pytest.raises(ArgumentError, match="kept_bytes: `precision` must be one of"):
        kept_bytes(layer, (1, 3), precision="auto")
    chooses = built(layers.Lambda(lambda x: x[x > 0]), 3)
    with pytest.raises(PlanError, match='Lambda "lambda": must be able to run on shapes alone'):
        kept_bytes(chooses, (2, 3))
