import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import DepthPooling2D
from tests.oracle import pool as oracle


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_values_are_the_oracles(size, close):
    x = torch.randn(2, 5, 3, 6, dtype=torch.float64) - 4
    close(DepthPooling2D(size)(x), oracle.depth_pool(x.numpy(), size))


def test_shapes():
    layer = DepthPooling2D()
    assert layer.pool_size == 2
    assert layer.output_shape((None, None, 7, 8)) == (None, None, 7, 4)
    assert layer.output_shape((None, 7, 7, None)) == (None, 7, 7, None)
    assert DepthPooling2D(pool_size=3)(torch.zeros(2, 70, 120, 60)).shape == (2, 70, 120, 20)


def test_it_is_free_of_products_and_parameters():
    cost = DepthPooling2D(2).cost((1, 4, 4, 2))
    assert (cost.parameters, cost.multiply_adds, cost.output_bytes) == (0, 0, 4 * 4 * 4)


def test_the_gradient_goes_to_the_largest():
    x = torch.tensor([1.0, 3.0, 2.0, 5.0, 4.0, 5.0]).reshape(1, 1, 1, 6).requires_grad_()
    DepthPooling2D(3)(x).sum().backward()
    assert x.grad.flatten().tolist() == [0.0, 1.0, 0.0, 0.5, 0.0, 0.5]  # equal ones share it


def test_error_words():
    with pytest.raises(ArgumentError, match="`pool_size` must be a whole number of at least 1"):
        DepthPooling2D(0)
    words = r'^DepthPooling2D "d": input must have channels that pool_size=4 divides\. Got input \('
    with pytest.raises(ShapeError, match=words):
        DepthPooling2D(4, name="d")(torch.zeros(1, 2, 2, 6))
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
        DepthPooling2D()(torch.zeros(2, 4))
