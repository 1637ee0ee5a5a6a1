"""Copies of a net that need less: they are what the user would write."""

import pytest
import torch

import striate
from striate import layers, optimizers
from striate.models import plan
from striate.models.planning.shrunk import (
    costliest_layer,
    optimizer_for,
    with_stride,
    without_layer,
)


def net(strides=1, middle=None):
    return striate.Sequential(
        [
            striate.Input((16, 16, 3)),
            layers.SeparableConv2D(4, 3, strides=strides, name="stem"),
            middle or layers.Conv2D(4, 3, padding="same", name="middle"),
            layers.Conv2D(8, 3, padding="same", name="wide"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )


def shapes(model):
    return [layer.built_for for layer in model.layers[1:]]


def test_the_first_convolution_takes_twice_the_steps():
    assert shapes(with_stride(net())) == shapes(net(strides=2))
    assert all(p.is_meta for p in with_stride(net()).parameters())
    assert with_stride(striate.Sequential([layers.Dense(2, input_shape=(3,))])) is None


def test_the_layer_that_makes_most_and_can_be_left_out():
    model = net()
    name = costliest_layer(model, plan(model, 2))
    assert name == "middle"  # "wide" changes the shape
    shorter = without_layer(model, name)
    assert shorter.count_params() == model.count_params() - model.get_layer(name).count_params()
    assert shapes(shorter) == shapes(model)
    assert without_layer(model, "no such layer") is None


def test_a_net_that_cannot_be_written_down_cannot_be_copied():
    class Own(layers.Layer):
        def call(self, x):
            return x

    model = striate.Sequential([striate.Input((8, 8, 1)), Own(), layers.Conv2D(2, 3)])
    assert with_stride(model) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda w: optimizers.SGD(optimizers.schedules.CosineDecay(0.1, 10), momentum=0.9),
        lambda w: optimizers.Adam(0.1, amsgrad=True, global_clipnorm=1.0),
        lambda w: torch.optim.AdamW(w, 0.2, amsgrad=True),
        lambda w: torch.optim.SGD(w, 0.2, momentum=0.5),
    ],
)
def test_an_optimizer_for_another_net_keeps_the_same_state(make):
    model, other = net(), net(strides=2)
    given = make(model.parameters())
    if isinstance(given, optimizers.Optimizer):
        given.bind(model.parameters())
    found = optimizer_for(other, given)
    own = plan(other, 2, optimizer=make(other.parameters()))
    assert plan(other, 2, optimizer=found).peak().by_kind == own.peak().by_kind
    assert optimizer_for(other, "adam") == "adam"
