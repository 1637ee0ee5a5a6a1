import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import AveragePooling2D, MaxPooling2D
from tests.oracle import pool as oracle

KINDS = {MaxPooling2D: np.max, AveragePooling2D: np.mean}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", ["valid", "same", 1, ((0, 1), (1, 0))])
@pytest.mark.parametrize("strides", [None, 1, (3, 2)])
def test_values_are_the_oracles(kind, padding, strides, close):
    layer = kind((2, 3), strides, padding=padding)
    x = torch.randn(2, 7, 6, 3, dtype=torch.float64) - 4
    expected = oracle.pool(
        x.numpy(), (2, 3), strides=layer.strides, padding=padding, reduce=KINDS[kind]
    )
    close(layer(x), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_halve(kind):
    layer = kind()
    assert (layer.pool_size, layer.strides, layer.padding) == ((2, 2), (2, 2), "valid")
    assert layer(torch.zeros(1, 11, 28, 3)).shape == (1, 5, 14, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_the_third_argument_is_the_padding(kind):
    layer = kind(2, 2, "same")
    assert (layer.pool_size, layer.strides, layer.padding) == ((2, 2), (2, 2), "same")
    assert layer(torch.zeros(1, 11, 28, 3)).shape == (1, 6, 14, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_edges(kind):
    one = torch.full((1, 1, 1, 1), -3.0)
    assert kind(1)(one).item() == kind(3, padding="same")(one).item() == -3.0
    assert kind(2, 5)(torch.zeros(1, 7, 7, 1)).shape == (1, 2, 2, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_pooling_is_free_of_products_and_parameters(kind):
    cost = kind()(torch.zeros(1, 4, 4, 2)) is not None and kind().cost((1, 4, 4, 2))
    assert (cost.parameters, cost.multiply_adds, cost.output_bytes) == (0, 0, 2 * 2 * 2 * 4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pool_size": 0}, "`pool_size` must be a whole number of at least 1"),
        ({"strides": "2"}, "`strides` must be"),
        ({"padding": "vaild"}, 'Did you mean "valid"'),
        ({"padding": 2}, r"`padding` must be smaller than pool_size=\(2, 2\)"),
    ],
)
def test_error_words_of_arguments(kind, arguments, words):
    with pytest.raises(ArgumentError, match=f'^{kind.__name__} "p": .*{words}'):
        kind(name="p", **arguments)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("shape", "words"),
    [((4, 4), "must have 4 dimensions"), ((1, 1, 4, 3), "as large as the window, 2x2")],
)
def test_error_words_of_inputs(kind, shape, words):
    with pytest.raises(ShapeError, match=words):
        kind()(torch.zeros(shape))
    with pytest.raises(ShapeError, match=words):
        kind().output_shape(shape)
