import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import conv as oracle


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("c", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same", 1, ((0, 1), (2, 0))])
def test_values_are_the_oracles(padding, c, m, close):
    x, filters, bias = numbers((2, 5, 6, c)), numbers((3, 2, c, m), 1), numbers((c * m,), 2)
    window = {"strides": (2, 1), "padding": padding}
    got = ops.depthwise_conv2d(x, filters, bias=bias, dilation_rate=(1, 2), **window)
    expected = oracle.depthwise_conv2d(
        x.numpy(), filters.numpy(), bias.numpy(), dilation=(1, 2), **window
    )
    close(got, expected)


def test_values_and_gradients_are_torchs(close):
    x, filters = numbers((2, 6, 5, 3)).requires_grad_(), numbers((3, 3, 3, 2), 1).requires_grad_()
    y = ops.depthwise_conv2d(x, filters, strides=2, padding=1)
    x_nchw = x.detach().permute(0, 3, 1, 2).clone().requires_grad_()
    oihw = filters.detach().permute(2, 3, 0, 1).reshape(6, 1, 3, 3).clone().requires_grad_()
    y_nchw = F.conv2d(x_nchw, oihw, stride=2, padding=1, groups=3)
    close(y, y_nchw.permute(0, 2, 3, 1))
    weights = numbers(y.shape, 2)
    (y * weights).sum().backward()
    (y_nchw.permute(0, 2, 3, 1) * weights).sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))
    close(filters.grad, oihw.grad.reshape(3, 2, 3, 3).permute(2, 3, 0, 1))


@pytest.mark.parametrize("shape", [(2, 2, 1, 1), (1, 1, 1, 1), (3, 2, 1, 2), (3, 2, 2, 1)], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_picture_of_one_channel_has_gradients(shape, dtype):
    x = numbers((1, 4, 4, shape[2])).to(dtype).requires_grad_()
    filters = numbers(shape).to(dtype).requires_grad_()
    ops.depthwise_conv2d(x, filters).sum().backward()
    assert filters.grad.shape == shape
    assert filters.grad.isfinite().all()


def test_each_channel_keeps_to_itself():
    x = torch.zeros(1, 3, 3, 2)
    x[..., 1] = 1
    y = ops.depthwise_conv2d(x, torch.ones(3, 3, 2, 2))
    assert y.flatten().tolist() == [0, 0, 9, 9]


def test_strides_may_be_tensorflows_four_numbers():
    x, filters = torch.rand(1, 7, 7, 2), torch.rand(3, 3, 2, 1)
    four = ops.depthwise_conv2d(x, filters, strides=(1, 2, 3, 1))
    assert torch.equal(four, ops.depthwise_conv2d(x, filters, strides=(2, 3)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"strides": 0}, "depthwise_conv2d: `strides` must be a whole number of at least 1"),
        ({"strides": (1, 2, 2, 2)}, "depthwise_conv2d: `strides` must begin and end with 1"),
        ({"dilation_rate": (1, -1)}, "depthwise_conv2d: `dilation_rate` must be"),
        ({"padding": "full"}, "depthwise_conv2d: `padding` must be"),
    ],
)
def test_error_words(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        ops.depthwise_conv2d(torch.ones(1, 5, 5, 1), torch.ones(3, 3, 1, 1), **arguments)


@pytest.mark.parametrize(
    ("images", "filters", "bias", "words"),
    [
        ((5, 5, 2), (3, 3, 2, 1), None, r"depthwise_conv2d: input must have 4 dimensions"),
        ((1, 5, 5, 2), (3, 3, 2), None, "`filters` must have 4 dimensions"),
        ((1, 5, 5, 2), (3, 3, 1, 2), None, "`filters` must be .* channels at axis 2"),
        ((1, 5, 5, 2), (3, 3, 2, 3), torch.zeros(2), r"`bias` must have the shape \(6,\)"),
        ((1, 1, 5, 2), (3, 3, 2, 1), None, "input must be at least as large as the window, 3x3"),
    ],
)
def test_error_words_of_shapes(images, filters, bias, words):
    with pytest.raises(ShapeError, match=words):
        ops.depthwise_conv2d(torch.ones(images), torch.ones(filters), bias=bias)
