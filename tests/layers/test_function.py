import pytest
import torch

from striate.errors import ArgumentError
from striate.layers import Lambda, register_function
from striate.layers.function import lambda_functions


def depth_pool(x):
    """The largest of each three neighbouring feature maps."""
    return x.unflatten(-1, (-1, 3)).amax(-1)


def test_the_depth_pool_of_the_book():
    layer = Lambda(depth_pool)
    x = torch.randn(2, 7, 12, 60)
    y = layer(x)
    assert y.shape == (2, 7, 12, 20)
    assert y[1, 2, 3, 4] == x[1, 2, 3, 12:15].max()
    assert layer.output_shape((None, 70, 120, 60)) == (None, 70, 120, 20)
    assert layer.output_shape((None, None, None, 60)) == (None, None, None, 20)


def test_a_stated_output_shape_is_of_one_sample():
    layer = Lambda(lambda x: x[x[:, 0] > 0], output_shape=(3,))
    assert layer.output_shape((None, 3)) == (None, 3)
    assert layer.output_shape([(8, 3), (8, 2)]) == (8, 3)


def test_gradient_passes_through():
    x = torch.randn(2, 3, requires_grad=True)
    Lambda(torch.square)(x).sum().backward()
    assert x.grad.equal(2 * x)


def test_several_inputs():
    a, b = torch.ones(2, 3), torch.full((2, 3), 2.0)
    assert Lambda(lambda pair: pair[0] + pair[1])([a, b]).equal(a + b)
    assert Lambda(torch.add)(a, b).equal(a + b)


def test_registered_functions_stand_in_the_table():
    register_function("test_depth_pool")(depth_pool)
    assert lambda_functions.get("test_depth_pool") is depth_pool
    with pytest.raises(ArgumentError, match="`name` must be new"):
        register_function("test_depth_pool")(abs)


def test_error_words():
    with pytest.raises(ArgumentError, match='Lambda "lambda": `function` must be a function'):
        Lambda(3)
    with pytest.raises(ArgumentError, match="`output_shape` must hold the sizes"):
        Lambda(abs, output_shape=7)
    layer = Lambda(lambda x: x[x > 0])
    with pytest.raises(ArgumentError, match="`output_shape` must be written where `call` cannot"):
        layer.output_shape((None, 3))
