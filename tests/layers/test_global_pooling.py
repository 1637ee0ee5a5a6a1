import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import GlobalAveragePooling2D, GlobalMaxPooling2D
from tests.oracle import pool as oracle

KINDS = {GlobalAveragePooling2D: np.mean, GlobalMaxPooling2D: np.max}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 5, 3, 4), (1, 1, 1, 1), (2, 7, 1, 1)])
def test_values_are_the_oracles(kind, shape, close):
    x = torch.randn(shape, dtype=torch.float64) - 5
    for keepdims in (False, True):
        expected = oracle.global_pool(x.numpy(), reduce=KINDS[kind], keepdims=keepdims)
        close(kind(keepdims=keepdims)(x), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_open_sizes(kind):
    assert kind().output_shape((None, None, None, 8)) == (None, 8)
    assert kind(keepdims=True).output_shape((2, 7, None, 8)) == (2, 1, 1, 8)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_free_of_products_and_parameters(kind):
    cost = kind().cost((2, 4, 4, 3))
    assert (cost.parameters, cost.multiply_adds, cost.output_bytes) == (0, 0, 2 * 3 * 4)


def test_every_pixel_has_the_same_gradient_of_a_mean():
    x = torch.randn(1, 2, 5, 3, requires_grad=True)
    GlobalAveragePooling2D()(x).sum().backward()
    torch.testing.assert_close(x.grad, torch.full_like(x, 0.1))


def test_the_largest_has_the_gradient_of_a_maximum_and_equal_ones_share_it():
    x = torch.tensor([1.0, 3.0, 2.0, 3.0]).reshape(1, 2, 2, 1).requires_grad_()
    GlobalMaxPooling2D()(x).sum().backward()
    assert x.grad.flatten().tolist() == [0.0, 0.5, 0.0, 0.5]


@pytest.mark.parametrize("kind", KINDS)
def test_error_words(kind):
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
        kind()(torch.zeros(2, 3))
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
        kind().output_shape((2, 3))
    with pytest.raises(ArgumentError, match="`keepdims` must be True or False"):
        kind(keepdims=1)
