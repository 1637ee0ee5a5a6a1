import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Conv2D
from tests.oracle import conv as oracle


def test_parameters_and_values_are_keras_order(close):
    layer = Conv2D(4, (3, 2), 2, "same", activation="relu", groups=2)
    x = torch.randn(2, 7, 6, 4, dtype=torch.float64)
    layer.build((None, 7, 6, 4))
    layer.double()
    kernel, bias = np.random.default_rng(0).normal(size=(3, 2, 2, 4)), np.arange(4.0)
    layer.set_weights([kernel, bias])
    assert layer.weight.shape == (4, 2, 3, 2)
    expected = oracle.conv2d(x.numpy(), kernel, bias, strides=(2, 2), padding="same", groups=2)
    close(layer(x), np.maximum(expected, 0))
    got_kernel, got_bias = layer.get_weights()
    assert np.array_equal(got_kernel, kernel)
    assert np.array_equal(got_bias, bias)


# The convnet of the book on 28 x 28 digits.
@pytest.mark.parametrize(
    ("filters", "shape", "parameters", "output"),
    [
        (32, (1, 28, 28, 1), 320, (1, 26, 26, 32)),
        (64, (1, 13, 13, 32), 18_496, (1, 11, 11, 64)),
        (128, (1, 5, 5, 64), 73_856, (1, 3, 3, 128)),
    ],
)
def test_counts_of_the_book(filters, shape, parameters, output):
    layer = Conv2D(filters, 3, activation="relu")
    layer.build((None, *shape[1:]))
    cost = layer.cost(shape)
    assert layer.count_params() == cost.parameters == parameters
    assert cost.output_shape == output
    assert cost.multiply_adds == np.prod(output) * 9 * shape[-1]


def test_the_memory_example_of_the_book():
    layer = Conv2D(200, 5, padding="same")
    layer.build((None, 100, 150, 3))
    cost = layer.cost((1, 100, 150, 3))
    assert (cost.parameters, cost.multiply_adds) == (15_200, 225_000_000)
    assert cost.output_bytes == 12_000_000


def test_a_new_kernel_is_glorot_uniform_and_channels_last():
    layer = Conv2D(64, 3)
    layer.build((None, 9, 9, 32))
    limit = (6 / (9 * 32 + 9 * 64)) ** 0.5
    assert 0.98 * limit < layer.weight.abs().max() <= limit
    assert layer.weight.is_contiguous(memory_format=torch.channels_last)
    assert not layer.bias.any()


def test_without_bias():
    layer = Conv2D(2, 3, use_bias=False)
    assert layer(torch.zeros(1, 5, 5, 1)).shape == (1, 3, 3, 2)
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert len(layer.get_weights()) == 1


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "output"),
    [(1, 1, 1, "valid", 1), (1, 3, 1, "same", 1), (7, 1, 3, "same", 3), (7, 2, 5, "valid", 2)],
)
def test_edges(size, kernel, strides, padding, output):
    layer = Conv2D(1, kernel, strides, padding)
    assert layer(torch.zeros(1, size, size, 1)).shape == (1, output, output, 1)


def test_pictures_of_whole_numbers_are_cast():
    layer = Conv2D(2, 3)
    pictures = np.random.default_rng(0).integers(0, 256, (1, 5, 5, 3), dtype=np.uint8)
    assert torch.equal(layer(pictures), layer(torch.from_numpy(pictures).float()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filters": 0}, "`filters` must be a whole number of at least 1"),
        ({"kernel_size": (3, 0)}, "`kernel_size` must be"),
        ({"strides": 1.5}, "`strides` must be"),
        ({"padding": "smae"}, 'Did you mean "same"'),
        ({"dilation_rate": None}, "`dilation_rate` must be"),
        ({"groups": 3}, "`groups` must divide the filters. Got groups=3"),
        ({"activation": "rleu"}, "`activation` must name a known activation"),
        ({"use_bias": 1}, "`use_bias` must be True or False"),
        ({"kernel_initializer": "he"}, "`kernel_initializer` must name a known initializer"),
        ({"kernel_regularizer": "l3"}, "`kernel_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^Conv2D "stem": .*{words}'):
        Conv2D(**{"filters": 8, "kernel_size": 3, "name": "stem", **arguments})


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (
            (4, 4, 4),
            r"4 dimensions \(n, h, w, c\)\. Got input \(n, 4, 4\)\. Add the missing",
        ),
        ((1, 2, 9, 4), "at least as large as the window, 3x3"),
        ((1, 9, 9, 3), "must have channels that groups=2 divides"),
    ],
)
def test_error_words_of_inputs(shape, words):
    with pytest.raises(ShapeError, match=words):
        Conv2D(8, 3, groups=2)(torch.zeros(shape))


def test_other_channels_than_before():
    layer = Conv2D(8, 3, name="stem")
    layer(torch.zeros(1, 5, 5, 3))
    with pytest.raises(ShapeError, match='Conv2D "stem": input must have 3 channels, as when'):
        layer(torch.zeros(1, 5, 5, 1))
    with pytest.raises(ShapeError, match="must have channels"):
        Conv2D(8, 3).build((None, 5, 5, None))
