import pytest
import torch

from striate.errors import ShapeError
from striate.layers import Flatten


def test_the_order_is_height_width_channel():
    x = torch.arange(2 * 2 * 3 * 2.0).reshape(2, 2, 3, 2)
    y = Flatten()(x)
    assert y.tolist() == [list(range(12)), list(range(12, 24))]
    assert y[0, (1 * 3 + 2) * 2 + 1] == x[0, 1, 2, 1]


@pytest.mark.parametrize(
    ("shape", "flat"),
    [((2, 3, 3, 128), (2, 1152)), ((5, 4), (5, 4)), ((5,), (5, 1)), ((1, 1, 1, 1), (1, 1))],
)
def test_shapes(shape, flat):
    layer = Flatten()
    assert layer(torch.zeros(shape)).shape == flat
    assert layer.output_shape(shape) == flat


def test_open_sizes_make_an_open_length():
    assert Flatten().output_shape((None, None, 4, 3)) == (None, None)
    assert Flatten().output_shape((None, 5, 4, 3)) == (None, 60)


def test_it_costs_nothing():
    x = torch.rand(2, 3, 4, 5, requires_grad=True)
    y = Flatten()(x)
    assert y.data_ptr() == x.data_ptr()
    assert Flatten().cost((2, 3, 4, 5)).output_bytes == 0
    (gradient,) = torch.autograd.grad(y, x, given := torch.rand_like(y))
    assert gradient.data_ptr() == given.data_ptr()


def test_error_words():
    with pytest.raises(ShapeError, match="input must have a batch dimension"):
        Flatten()(torch.zeros(()))
