import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate.errors import ArgumentError, ShapeError
from striate.layers import DepthwiseConv2D
from tests.oracle import conv as oracle


def test_parameters_and_values_are_keras_order(close):
    layer = DepthwiseConv2D((3, 2), 2, "same", depth_multiplier=2, activation="relu")
    x = torch.randn(2, 7, 6, 3, dtype=torch.float64)
    layer.build((None, 7, 6, 3))
    layer.double()
    kernel, bias = np.random.default_rng(0).normal(size=(3, 2, 3, 2)), np.arange(6.0)
    layer.set_weights([kernel, bias])
    assert layer.weight.shape == (6, 1, 3, 2)
    expected = oracle.depthwise_conv2d(x.numpy(), kernel, bias, strides=(2, 2), padding="same")
    close(layer(x), np.maximum(expected, 0))
    got_kernel, got_bias = layer.get_weights()
    assert np.array_equal(got_kernel, kernel)
    assert np.array_equal(got_bias, bias)


def test_values_and_gradients_are_torchs(close):
    layer = DepthwiseConv2D(3, padding=1, depth_multiplier=2, dilation_rate=(1, 2))
    x = torch.randn(2, 6, 7, 3, requires_grad=True)
    y = layer(x)
    x_nchw = x.detach().permute(0, 3, 1, 2).contiguous().requires_grad_()
    weight = layer.weight.detach().clone().requires_grad_()
    y_nchw = F.conv2d(x_nchw, weight, layer.bias, padding=1, dilation=(1, 2), groups=3)
    close(y, y_nchw.permute(0, 2, 3, 1))
    y.square().sum().backward()
    y_nchw.square().sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))
    close(layer.weight.grad, weight.grad)


# MobileNet's first depthwise layer: 32 channels of 112 x 112.
def test_counts():
    layer = DepthwiseConv2D(3, padding="same", use_bias=False)
    layer.build((None, 112, 112, 32))
    cost = layer.cost((1, 112, 112, 32))
    assert layer.count_params() == cost.parameters == 288
    assert cost.multiply_adds == 112 * 112 * 32 * 9
    twice = DepthwiseConv2D(3, depth_multiplier=2)
    twice.build((None, 5, 5, 4))
    assert twice.count_params() == 9 * 8 + 8
    assert twice.cost((2, 5, 5, 4)).multiply_adds == 2 * 9 * 8 * 9


def test_a_new_kernel_is_glorot_uniform_by_keras_fans():
    layer = DepthwiseConv2D(3)
    layer.build((None, 9, 9, 500))
    limit = (6 / (9 * 500 + 9 * 1)) ** 0.5
    assert 0.98 * limit < layer.weight.abs().max() <= limit
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "output"),
    [(1, 1, 1, "valid", 1), (1, 3, 1, "same", 1), (7, 1, 3, "same", 3), (7, 2, 5, "valid", 2)],
)
def test_edges(size, kernel, strides, padding, output):
    layer = DepthwiseConv2D(kernel, strides, padding)
    assert layer(torch.zeros(1, size, size, 1)).shape == (1, output, output, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"kernel_size": (3, 0)}, "`kernel_size` must be"),
        ({"strides": (1, 2, 2, 1)}, "`strides` must be a whole number of at least 1, or a pair"),
        ({"padding": "smae"}, 'Did you mean "same"'),
        ({"depth_multiplier": 0}, "`depth_multiplier` must be a whole number of at least 1"),
        ({"depthwise_initializer": "he"}, "`depthwise_initializer` must name a known initializer"),
        ({"depthwise_regularizer": "l3"}, "`depthwise_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^DepthwiseConv2D "stem": .*{words}'):
        DepthwiseConv2D(**{"kernel_size": 3, "name": "stem", **arguments})


def test_error_words_of_inputs():
    layer = DepthwiseConv2D(3, name="stem")
    with pytest.raises(ShapeError, match="at least as large as the window, 3x3"):
        layer(torch.zeros(1, 2, 9, 4))
    layer(torch.zeros(1, 5, 5, 3))
    with pytest.raises(ShapeError, match='DepthwiseConv2D "stem": input must have 3 channels, as'):
        layer(torch.zeros(1, 5, 5, 4))
