"""Dialect: the borders, norms and biases in which versions of one net differ."""

from dataclasses import replace

import pytest
import torch

import striate
from striate.layers import Activation, BatchNormalization, Conv2D, LeakyReLU
from striate.layers.dialect import KERAS, PAPER, TIMM, TORCHVISION


def test_borders():
    for dialect in (PAPER, TORCHVISION, TIMM):
        assert [dialect.padding(k, strides=2) for k in (1, 3, 7)] == [0, 1, 3]
        assert dialect.padding(3) == "same"
    assert KERAS.padding(7, strides=2) == "same"


@pytest.mark.parametrize(
    ("dialect", "torchs"),
    [(TORCHVISION, torch.nn.BatchNorm2d(3)), (TIMM, torch.nn.BatchNorm2d(3))],
    ids=["torchvision", "timm"],
)
def test_norm_is_torchs(dialect, torchs):
    norm = dialect.norm()
    assert (norm.epsilon, 1 - norm.momentum) == pytest.approx((torchs.eps, torchs.momentum))


def test_norm_is_keras():
    norm, keras = KERAS.norm("n", scale=False), BatchNormalization()
    assert (norm.epsilon, norm.momentum) == (keras.epsilon, keras.momentum)
    assert (norm.name, norm.scale) == ("n", False)


def test_conv_norm_is_three_layers():
    x = striate.Input((8, 8, 4))
    model = striate.Model(x, PAPER.conv_norm(x, 6, 3, strides=2, groups=2, name="a"))
    assert [type(layer) for layer in model.layers[-3:]] == [Conv2D, BatchNormalization, Activation]
    assert model.layer_names[-3:] == ["a_conv", "a_bn", "a_relu"]
    conv = model.layers[-3]
    assert (conv.use_bias, conv.groups, model.output.shape) == (False, 2, (None, 4, 4, 6))
    bare = striate.Model(x, PAPER.conv_norm(x, 6, 1, activation=None, name="a", ending=""))
    assert bare.layer_names[-2:] == ["a", "a_bn"]


def test_a_shortcut_is_the_input_where_it_fits():
    x = striate.Input((8, 8, 4))
    assert PAPER.shortcut(x, 4, strides=1, name="a") is x
    for filters, kernel_size, strides in ((6, 1, 1), (4, 1, 2), (6, 3, 2)):
        out = KERAS.shortcut(x, filters, kernel_size, strides=strides, name="a")
        model = striate.Model(x, out)
        assert model.layer_names[1:] == ["a_conv", "a_bn"]
        assert model.layers[1].weight.shape == (filters, 4, kernel_size, kernel_size)
        assert out.shape == (None, 8 // strides, 8 // strides, filters)


def test_a_leaky_relu_has_the_dialects_slope():
    x = striate.Input((8, 8, 4))
    model = striate.Model(x, replace(TIMM, leak=0.25).active(x, "leaky_relu", name="a"))
    layer = model.get_layer("a_leaky_relu")
    assert isinstance(layer, LeakyReLU)
    assert layer(torch.tensor([-1.0, 2.0])).tolist() == [-0.25, 2.0]
