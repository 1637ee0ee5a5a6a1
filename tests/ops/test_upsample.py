import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.ops.upsample import upsample
from tests.oracle import upsampling as oracle

FACTOR = st.integers(1, 5)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@given(factors=st.tuples(FACTOR, FACTOR), h=st.integers(1, 5), w=st.integers(1, 5))
def test_values_are_the_oracles_and_those_of_resize(interpolation, factors, h, w):
    x = torch.from_numpy(np.random.default_rng(h + 5 * w).normal(size=(2, h, w, 2)))
    y = upsample(x, factors, interpolation=interpolation)
    assert y.is_contiguous()
    expected = oracle.upsample(x.numpy(), factors, interpolation)
    np.testing.assert_allclose(y.numpy(), expected, rtol=0, atol=1e-12)
    same = ops.resize(x, y.shape[1:3], interpolation=interpolation)
    torch.testing.assert_close(y, same, rtol=0, atol=1e-12)


@pytest.mark.parametrize("factor", [2, 3, 41, 47, 64, 83])
@pytest.mark.parametrize("length", [2, 3, 1000])
def test_nearest_repeats_at_every_factor(factor, length):
    x = torch.arange(float(length)).reshape(1, 1, length, 1)
    y = upsample(x, (1, factor), interpolation="nearest")
    assert torch.equal(y, x.repeat_interleave(factor, 2))


def test_torchs_nearest_is_still_wrong_at_41():
    x = torch.arange(2.0).reshape(1, 1, 1, 2)
    assert not torch.equal(F.interpolate(x, (1, 82)), x.repeat_interleave(41, 3))


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
def test_gradients_are_those_of_resize(interpolation, close):
    x = torch.randn(2, 3, 4, 2, dtype=torch.float64, requires_grad=True)
    same = x.detach().clone().requires_grad_()
    y = upsample(x, (2, 4), interpolation=interpolation)
    flow = torch.randn_like(y)
    y.backward(flow)
    ops.resize(same, (6, 16), interpolation=interpolation).backward(flow)
    close(x.grad, same.grad)
