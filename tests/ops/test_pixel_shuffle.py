import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import upsampling as oracle

SMALL = st.integers(1, 3)


@given(st.integers(1, 5), st.integers(1, 4), SMALL, SMALL)
def test_values_are_the_oracles_and_torchs(h, w, channels, factor):
    x = np.random.default_rng(h).normal(size=(2, h, w, channels * factor**2))
    got = ops.pixel_shuffle(torch.from_numpy(x), factor)
    assert got.is_contiguous()
    np.testing.assert_array_equal(got.numpy(), oracle.pixel_shuffle(x, factor))
    x_nchw = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous()
    assert torch.equal(got, F.pixel_shuffle(x_nchw, factor).permute(0, 2, 3, 1))


def depth_to_space(x, r):
    """TensorFlow's, by its definition: channel (u r + v) o' + o becomes pixel (u, v)."""
    n, h, w, c = x.shape
    parts = x.reshape(n, h, w, r, r, c // (r * r))
    return parts.transpose(0, 1, 3, 2, 4, 5).reshape(n, h * r, w * r, c // (r * r))


def test_tensorflows_order_is_the_same_for_one_channel_and_another_for_more():
    one = np.arange(2 * 3 * 4.0).reshape(1, 2, 3, 4)
    assert np.array_equal(ops.pixel_shuffle(torch.from_numpy(one), 2), depth_to_space(one, 2))
    three = np.arange(2 * 3 * 12.0).reshape(1, 2, 3, 12)
    got = ops.pixel_shuffle(torch.from_numpy(three), 2).numpy()
    assert not np.array_equal(got, depth_to_space(three, 2))
    order = np.arange(12).reshape(3, 4).T.ravel()  # as the docstring says: (u r + v) o' + o
    assert np.array_equal(got, depth_to_space(three[..., order], 2))


def test_the_gradient_goes_back_to_its_channel():
    x = torch.randn(2, 3, 2, 8, requires_grad=True)
    flow = torch.randn(2, 6, 4, 2)
    ops.pixel_shuffle(x, 2).backward(flow)
    assert torch.equal(ops.pixel_shuffle(x.grad, 2), flow)


def test_error_words():
    with pytest.raises(ArgumentError, match="`factor` must be a whole number of at least 1"):
        ops.pixel_shuffle(torch.zeros(1, 2, 2, 4), 0)
    words = r"have channels that factor\^2 = 9 divides\. Got input \(1, 2, 2, 4\)"
    with pytest.raises(ShapeError, match=words):
        ops.pixel_shuffle(torch.zeros(1, 2, 2, 4), 3)
