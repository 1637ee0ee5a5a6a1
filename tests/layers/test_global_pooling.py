import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import GlobalAveragePooling2D


@pytest.mark.parametrize("shape", [(2, 5, 3, 4), (1, 1, 1, 1), (2, 7, 1, 1)])
def test_values_are_means(shape, close):
    x = torch.randn(shape, dtype=torch.float64)
    expected = x.numpy().mean(axis=(1, 2))
    close(GlobalAveragePooling2D()(x), expected)
    close(GlobalAveragePooling2D(keepdims=True)(x), expected[:, None, None])


def test_open_sizes():
    assert GlobalAveragePooling2D().output_shape((None, None, None, 8)) == (None, 8)
    assert GlobalAveragePooling2D(keepdims=True).output_shape((2, 7, None, 8)) == (2, 1, 1, 8)


def test_every_pixel_has_the_same_gradient():
    x = torch.randn(1, 2, 5, 3, requires_grad=True)
    GlobalAveragePooling2D()(x).sum().backward()
    torch.testing.assert_close(x.grad, torch.full_like(x, 0.1))


def test_error_words():
    with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
        GlobalAveragePooling2D()(torch.zeros(2, 3))
    with pytest.raises(ArgumentError, match="`keepdims` must be True or False"):
        GlobalAveragePooling2D(keepdims=1)
