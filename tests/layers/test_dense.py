import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import Dense


@pytest.mark.parametrize("shape", [(3, 4), (2, 5, 4), (2, 3, 5, 4), (1, 1)])
def test_values_are_the_product(shape, close):
    layer = Dense(3, "relu")
    x = torch.randn(shape, dtype=torch.float64)
    layer.build((None, *shape[1:]))
    layer.double()
    kernel, bias = np.random.default_rng(0).normal(size=(shape[-1], 3)), np.array([0.5, 0, -1])
    layer.set_weights([kernel, bias])
    assert layer.weight.shape == (3, shape[-1])
    close(layer(x), np.maximum(x.numpy() @ kernel + bias, 0))


def test_gradients_are_the_products(close):
    layer = Dense(3)
    x = torch.randn(5, 4, requires_grad=True)
    y = layer(x)
    given = torch.randn_like(y)
    y.backward(given)
    close(layer.weight.grad, given.T @ x.detach())
    close(layer.bias.grad, given.sum(0))
    close(x.grad, given @ layer.weight.detach())


def test_counts_of_the_books():
    cases = [(10, 1152, 11_530), (64, 576, 36_928), (512, 30_976, 15_860_224)]
    cases.append((10, 61_952, 619_530))
    for units, inputs, parameters in cases:
        layer = Dense(units, kernel_initializer="zeros")
        layer.build((None, inputs))
        cost = layer.cost((None, inputs))
        assert layer.count_params() == cost.parameters == parameters
        assert layer.cost((2, inputs)).multiply_adds == 2 * units * inputs


def test_a_new_kernel_is_glorot_uniform():
    layer = Dense(100)
    layer.build((None, 200))
    limit = (6 / 300) ** 0.5
    assert 0.98 * limit < layer.weight.abs().max() <= limit
    assert not layer.bias.any()


def test_without_bias():
    layer = Dense(3, use_bias=False, kernel_initializer="ones")
    assert layer(torch.ones(1, 4)).tolist() == [[4.0] * 3]
    assert layer.bias is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"units": 0}, "`units` must be a whole number of at least 1"),
        ({"units": 2.5}, "`units` must be"),
        ({"activation": "sofmax"}, 'Nearest: "softmax"'),
        ({"use_bias": None}, "`use_bias` must be True or False"),
        ({"bias_initializer": "zero"}, '`bias_initializer` must .*Nearest: "zeros"'),
        ({"bias_regularizer": "l3"}, "`bias_regularizer` must name a known regularizer"),
    ],
)
def test_error_words_of_arguments(arguments, words):
    with pytest.raises(ArgumentError, match=f'^Dense "head": .*{words}'):
        Dense(**{"units": 8, "name": "head", **arguments})


def test_error_words_of_inputs():
    layer = Dense(3, name="head")
    with pytest.raises(ShapeError, match=r"must have 2 dimensions \(n, c\) or more.*x\[None\]"):
        layer(torch.zeros(4))
    with pytest.raises(ShapeError, match=r"must have a known last axis.*GlobalAveragePooling2D"):
        layer.build((None, None))
    layer(torch.zeros(1, 4))
    words = 'Dense "head": input must have 4 numbers in its last axis, as when it was built'
    with pytest.raises(ShapeError, match=words):
        layer(torch.zeros(1, 5))
