"""Multiply-adds of layers without a formula are those that torch counts in a run on numbers."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

import striate
from striate import layers, structure
from striate.models import plan
from striate.models.costs import multiply_adds
from striate.models.planning.counted import layer_multiply_adds


class Unit(layers.Layer):
    """As in the text: layers in a list, and a skip."""

    def __init__(self):
        super().__init__()
        self.main = [layers.Conv2D(2, 3, padding="same"), layers.BatchNormalization()]

    def call(self, x):
        y = x
        for layer in self.main:
            y = layer(y)
        return y + x

    def output_shape(self, shape):
        return shape


class Similar(layers.Layer):
    def call(self, x):
        pixels = x.flatten(1, 2)
        return pixels @ pixels.mT


class OfTorch(layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(2, 5)

    def call(self, x):
        return self.inner(x)


class Twice(striate.Model):
    def __init__(self):
        super().__init__()
        self.conv, self.dense = layers.Conv2D(2, 3, padding="same"), layers.Dense(3)

    def call(self, x):
        return self.dense(self.conv(self.conv(x)).mean((1, 2)))


class OfTwo(striate.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Dense(4), layers.Dense(3)

    def call(self, pair):
        return {"a": self.first(pair["x"]), "b": self.second(pair["y"])}


MATRIX = torch.ones(128, 7)
LAYERS = [Unit, Similar, OfTorch, Twice, lambda: layers.Lambda(lambda x: x.flatten(1) @ MATRIX)]


def counted(layer, x):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        layer(x, training=False)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("make", LAYERS)
def test_layers_of_the_users(make):
    layer, x = make(), torch.rand(1, 8, 8, 2)
    expected = counted(layer, x)
    assert layer_multiply_adds(layer, (1, 8, 8, 2)) == expected > 0
    image = striate.Input((8, 8, 2))
    model = striate.Model(image, make()(image))
    found = plan(model, 4, mode="predict")
    assert found.multiply_adds == multiply_adds(model) == found.rows[-1].multiply_adds == expected


def test_a_subclass_counts_each_call_of_a_layer():
    model, x = Twice(), torch.rand(1, 8, 8, 2)
    model(x)
    assert plan(model, 4).multiply_adds == multiply_adds(model) == counted(model, x)


def test_a_subclass_of_several_inputs_and_outputs():
    model, x = OfTwo(), {"x": torch.rand(1, 5), "y": torch.rand(1, 6)}
    model(x)
    found = plan(model, 8)
    assert found.input_shape == ((5,), (6,))
    assert found.multiply_adds == 5 * 4 + 6 * 3
    assert found.peak("predict").by_kind["batch"] == 8 * (5 + 6) * 4


def test_what_needs_numbers_is_not_known():
    layer = layers.Lambda(lambda x: x[x > 0])
    assert layer_multiply_adds(layer, (2, 3)) is None
    assert layer_multiply_adds(Unit(), (1, None, None, 2)) is None


def test_the_layer_stays_as_it_is():
    layer = Unit()
    layer(np.zeros((1, 8, 8, 2), "float32"), training=True)
    before = [leaf.clone() for leaf in structure.leaves(list(layer.state_dict().values()))]
    layer_multiply_adds(layer, (10**6, 8, 8, 2))
    assert all(map(torch.equal, before, layer.state_dict().values()))
