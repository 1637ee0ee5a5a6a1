import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D, Conv2DTranspose
from tests.oracle import conv as oracle


def test_parameters_and_values_are_keras_order(close):
    layer = Conv2DTranspose(4, (3, 2), 2, "same", activation="relu")
    x = torch.randn(2, 5, 3, 3, dtype=torch.float64)
    layer.build((None, 5, 3, 3))
    layer.double()
    kernel, bias = np.random.default_rng(0).normal(size=(3, 2, 4, 3)), np.arange(4.0)
    layer.set_weights([kernel, bias])
    assert layer.weight.shape == (3, 4, 3, 2)
    expected = oracle.conv2d_transpose(x.numpy(), kernel, bias, strides=(2, 2), padding="same")
    close(layer(x), np.maximum(expected, 0))
    got_kernel, got_bias = layer.get_weights()
    assert np.array_equal(got_kernel, kernel)
    assert np.array_equal(got_bias, bias)


def test_values_and_gradients_are_torchs(close):
    layer = Conv2DTranspose(5, 3, 2, 1, output_padding=1)
    x = torch.randn(2, 4, 3, 4, requires_grad=True)
    y = layer(x)
    x_nchw = x.detach().permute(0, 3, 1, 2).contiguous().requires_grad_()
    weight = layer.weight.detach().clone().requires_grad_()
    y_nchw = F.conv_transpose2d(x_nchw, weight, layer.bias, 2, 1, 1)
    close(y, y_nchw.permute(0, 2, 3, 1))
    y.square().sum().backward()
    y_nchw.square().sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))
    close(layer.weight.grad, weight.grad)


@given(
    size=st.integers(1, 9),
    kernel=st.integers(1, 5),
    strides=st.integers(1, 5),
    padding=st.sampled_from(["valid", "same"]),
)
def test_a_convolution_takes_it_back_to_its_size(size, kernel, strides, padding):
    up = Conv2DTranspose(1, kernel, strides, padding).output_shape((None, size, size, 1))
    assert up[1] == size * strides if padding == "same" else up[1] >= size * strides
    assert Conv2D(1, kernel, strides, padding).output_shape(up) == (None, size, size, 1)


def test_counts():
    layer = Conv2DTranspose(8, 3, 2, "same")
    layer.build((None, 14, 14, 16))
    cost = layer.cost((2, 14, 14, 16))
    assert layer.count_params() == cost.parameters == 9 * 16 * 8 + 8
    assert cost.output_shape == (2, 28, 28, 8)
    assert cost.multiply_adds == 2 * 14 * 14 * 16 * 9 * 8


def test_a_new_kernel_is_glorot_uniform_and_channels_last():
    layer = Conv2DTranspose(64, 3)
    layer.build((None, 9, 9, 32))
    limit = (6 / (9 * 32 + 9 * 64)) ** 0.5
    assert 0.98 * limit < layer.weight.abs().max() <= limit
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "more", "output"),
    [
        (1, 1, 1, "valid", None, 1),
        (1, 3, 1, "same", None, 1),
        (1, 2, 5, "valid", None, 5),
        (2, 1, 3, "same", None, 6),
        (3, 3, 2, "valid", 1, 8),
        (3, 3, 2, "same", 0, 5),
        (3, 3, 2, 1, 1, 6),
        (3, 3, 2, ((3, 0), (1, 2)), None, (4, 4)),
    ],
)
def test_edges(size, kernel, strides, padding, more, output):
    layer = Conv2DTranspose(1, kernel, strides, padding, output_padding=more)
    sizes = output if isinstance(output, tuple) else (output, output)
    assert layer(torch.zeros(1, size, size, 1)).shape == (1, *sizes, 1)


def test_the_bias_fills_what_no_window_reaches():
    layer = Conv2DTranspose(1, 1, 3, bias_initializer="ones", kernel_initializer="ones")
    assert layer(torch.ones(1, 1, 1, 1)).flatten().tolist() == [2, 1, 1, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filters": 0}, "`filters` must be a whole number of at least 1"),
        ({"strides": 0}, "`strides` must be"),
        ({"padding": "full"}, "`padding` must be"),
        ({"output_padding": 1}, r"`output_padding` must be smaller than strides=\(1, 1\)\."),
        ({"output_padding": -1}, "`output_padding` must be a whole number of at least 0"),
        ({"groups": 3}, "`groups` must divide the filters. Got groups=3. Use groups that divide 8"),
        ({"kernel_initializer": "he"}, "`kernel_initializer` must name a known initializer"),
        ({"kernel_regularizer": "l3"}, "`kernel_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^Conv2DTranspose "up": .*{words}'):
        Conv2DTranspose(**{"filters": 8, "kernel_size": 3, "name": "up", **arguments})


def test_error_words_of_inputs():
    layer = Conv2DTranspose(8, 2, 2, 2, name="up")
    words = r"must be larger: 0 x 4 pixels are left of what it makes\. Got input \(n, 2, 4, 3\)\."
    with pytest.raises(ShapeError, match=words + " Use less padding or a larger picture"):
        layer(torch.zeros(1, 2, 4, 3))
    layer(torch.zeros(1, 5, 5, 3))
    with pytest.raises(ShapeError, match='Conv2DTranspose "up": input must have 3 channels, as'):
        layer(torch.zeros(1, 5, 5, 4))
    with pytest.raises(ShapeError, match=r"must have channels that groups=2 divides\. Got input"):
        Conv2DTranspose(8, 2, groups=2)(torch.zeros(1, 5, 5, 3))


def test_groups_paint_maps_of_their_own(close):
    layer, x = Conv2DTranspose(6, 3, 2, "same", groups=2), torch.rand(2, 5, 4, 4)
    y = layer(x)
    kernel, bias = layer.get_weights()
    assert kernel.shape == (3, 3, 3, 4)
    assert layer.cost((2, 5, 4, 4)).multiply_adds == 2 * 5 * 4 * 4 * 9 * 3
    assert layer.cost((2, 5, 4, 4)).parameters == layer.count_params() == 9 * 3 * 4 + 6
    expected = oracle.conv2d_transpose(
        x.numpy(), kernel, bias, strides=(2, 2), padding="same", groups=2
    )
    close(y, expected)
