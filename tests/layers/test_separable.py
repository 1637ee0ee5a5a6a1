import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D, DepthwiseConv2D, SeparableConv2D
from tests.oracle import conv as oracle


def test_parameters_and_values_are_keras_order(close):
    layer = SeparableConv2D(4, (3, 2), 2, "same", depth_multiplier=2, activation="relu")
    x = torch.randn(2, 7, 6, 3, dtype=torch.float64)
    layer.build((None, 7, 6, 3))
    layer.double()
    rng = np.random.default_rng(0)
    depthwise, pointwise = rng.normal(size=(3, 2, 3, 2)), rng.normal(size=(1, 1, 6, 4))
    bias = np.arange(4.0)
    layer.set_weights([depthwise, pointwise, bias])
    names = [name for name, _ in layer.named_parameters()]
    assert names == ["depthwise_weight", "pointwise_weight", "bias"]
    expected = oracle.separable_conv2d(
        x.numpy(), depthwise, pointwise, bias, strides=(2, 2), padding="same"
    )
    close(layer(x), np.maximum(expected, 0))
    for got, given in zip(layer.get_weights(), [depthwise, pointwise, bias], strict=True):
        assert np.array_equal(got, given)


def test_it_is_a_depthwise_and_a_pointwise_layer(close):
    layer = SeparableConv2D(5, 3, padding=((1, 0), (2, 1)), depth_multiplier=2, dilation_rate=2)
    x = torch.randn(2, 8, 7, 3, requires_grad=True)
    y = layer(x)
    first = DepthwiseConv2D(
        3, padding=((1, 0), (2, 1)), depth_multiplier=2, dilation_rate=2, use_bias=False
    )
    second = Conv2D(5, 1)
    other = x.detach().clone().requires_grad_()
    second(first(other))
    weights = layer.get_weights()
    first.set_weights(weights[:1])
    second.set_weights(weights[1:])
    expected = second(first(other))
    close(y, expected)
    y.square().sum().backward()
    expected.square().sum().backward()
    close(x.grad, other.grad)
    close(layer.depthwise_weight.grad, first.weight.grad)
    close(layer.pointwise_weight.grad, second.weight.grad)
    close(layer.bias.grad, second.bias.grad)
    shape = (2, 8, 7, 3)
    steps = (first.cost(shape), second.cost(first.output_shape(shape)))
    cost = layer.cost(shape)
    assert cost.multiply_adds == sum(step.multiply_adds for step in steps)
    assert cost.parameters == layer.count_params() == sum(step.parameters for step in steps)


# Xception's first separable layer: 64 maps to 128.
def test_counts():
    layer = SeparableConv2D(128, 3, padding="same", use_bias=False)
    layer.build((None, 147, 147, 64))
    assert layer.count_params() == 9 * 64 + 64 * 128
    cost = layer.cost((1, 147, 147, 64))
    assert cost.multiply_adds == 147 * 147 * (9 * 64 + 64 * 128)


def test_both_kernels_have_penalties():
    layer = SeparableConv2D(2, 1, depthwise_regularizer="l2", pointwise_regularizer="l1")
    layer.build((None, 1, 1, 1))
    layer.set_weights([np.full((1, 1, 1, 1), 3.0), np.full((1, 1, 1, 2), 5.0), np.zeros(2)])
    assert layer.regularization().item() == pytest.approx(0.01 * 9 + 0.01 * 10)


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "output"),
    [(1, 1, 1, "valid", 1), (1, 3, 1, "same", 1), (7, 1, 3, "same", 3), (7, 2, 5, "valid", 2)],
)
def test_edges(size, kernel, strides, padding, output):
    layer = SeparableConv2D(1, kernel, strides, padding)
    assert layer(torch.zeros(1, size, size, 1)).shape == (1, output, output, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filters": 0}, "`filters` must be a whole number of at least 1"),
        ({"kernel_size": (3, 0)}, "`kernel_size` must be"),
        ({"depth_multiplier": 1.5}, "`depth_multiplier` must be a whole number of at least 1"),
        ({"depthwise_initializer": "he"}, "`depthwise_initializer` must name a known initializer"),
        ({"pointwise_initializer": "he"}, "`pointwise_initializer` must name a known initializer"),
        ({"depthwise_regularizer": "l3"}, "`depthwise_regularizer` must name a known regularizer"),
        ({"pointwise_regularizer": "l3"}, "`pointwise_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^SeparableConv2D "stem": .*{words}'):
        SeparableConv2D(**{"filters": 8, "kernel_size": 3, "name": "stem", **arguments})


def test_error_words_of_inputs():
    layer = SeparableConv2D(8, 3, name="stem")
    with pytest.raises(ShapeError, match="at least as large as the window, 3x3"):
        layer(torch.zeros(1, 2, 9, 4))
    layer(torch.zeros(1, 5, 5, 3))
    with pytest.raises(ShapeError, match='SeparableConv2D "stem": input must have 3 channels, as'):
        layer(torch.zeros(1, 5, 5, 4))
