import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import pool as oracle


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_values_are_the_oracles(h, w, groups, size):
    x = np.random.default_rng(h + w).normal(size=(2, h, w, groups * size)) - 5
    got = ops.depth_pool(torch.from_numpy(x), size)
    assert got.shape == (2, h, w, groups)
    np.testing.assert_array_equal(got.numpy(), oracle.depth_pool(x, size))


def test_values_and_gradients_are_those_of_a_window_over_channels(close):
    """TensorFlow: max_pool(x, ksize=(1, 1, 1, 3), strides=(1, 1, 1, 3)), as the books call it."""
    x = torch.randn(2, 7, 5, 60, requires_grad=True)
    same = x.detach().clone().requires_grad_()
    y = ops.depth_pool(x, 3)
    expected = F.max_pool3d(same, (1, 1, 3))
    assert torch.equal(y, expected)
    y.square().sum().backward()
    expected.square().sum().backward()
    close(x.grad, same.grad)


def test_it_is_the_books_reshape_and_maximum():
    x = torch.rand(2, 70, 120, 60)
    groups = x.reshape(2, 70, 120, 20, 3)
    assert torch.equal(ops.depth_pool(x, 3), groups.amax(-1))
    first, second, third = groups.unbind(-1)
    expected = torch.maximum(torch.maximum(first, second), third)
    assert torch.equal(ops.max_pool(x, (1, 1, 1, 3), strides=(1, 1, 1, 3)), expected)


def test_equal_values_share_the_gradient():
    x = torch.tensor([2.0, 2.0, 1.0, 0.0]).reshape(1, 1, 1, 4).requires_grad_()
    ops.depth_pool(x, 4).sum().backward()
    assert x.grad.flatten().tolist() == [0.5, 0.5, 0.0, 0.0]


def test_one_channel_stays():
    x = torch.rand(1, 2, 2, 1)
    assert torch.equal(ops.depth_pool(x, 1), x)


def test_error_words():
    with pytest.raises(ArgumentError, match="`pool_size` must be a whole number of at least 1"):
        ops.depth_pool(torch.zeros(1, 2, 2, 4), 0)
    words = r"have channels that pool_size=3 divides\. Got input \(1, 2, 2, 4\)"
    with pytest.raises(ShapeError, match=words):
        ops.depth_pool(torch.zeros(1, 2, 2, 4), 3)
