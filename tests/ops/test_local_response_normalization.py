import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError
from tests.oracle import lrn as oracle

SHAPES = st.lists(st.integers(1, 7), min_size=2, max_size=4)


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@given(SHAPES, st.integers(0, 8), st.sampled_from([0.0, 0.5, 0.75, 1.0]))
def test_it_is_tensorflows(shape, radius, beta):
    x = numbers(shape)
    y = ops.local_response_normalization(x, radius, bias=2.0, alpha=0.3, beta=beta)
    expected = oracle.tensorflow(x.numpy(), radius, 2.0, 0.3, beta)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-12, atol=1e-14)


@given(SHAPES, st.sampled_from([1, 3, 5, 9]))
def test_it_is_the_papers(shape, n):
    x = numbers(shape)
    y = ops.local_response_normalization(x, n // 2, bias=2.0, alpha=1e-4, beta=0.75)
    expected = oracle.paper(x.numpy(), 2.0, n, 1e-4, 0.75)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-12, atol=1e-14)


def test_torchs_alpha_is_divided_by_the_size(close):
    x, (k, n, alpha, beta) = numbers((2, 5, 5, 16)), (2.0, 5, 1.0, 0.75)
    x_nchw = x.permute(0, 3, 1, 2)
    torchs = F.local_response_norm(x_nchw, n, alpha, beta, k).permute(0, 2, 3, 1)
    close(torchs, oracle.torchs(x.numpy(), n, alpha, beta, k))
    ours = ops.local_response_normalization(x, n // 2, bias=k, alpha=alpha, beta=beta)
    assert (ours - torchs).abs().max() > 0.1
    same = ops.local_response_normalization(x, n // 2, bias=k, alpha=alpha / n, beta=beta)
    close(same, torchs)


def test_gradient_is_that_of_differences():
    x = numbers((2, 3, 2, 5)).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda x: ops.local_response_normalization(x, 2, bias=0.5, alpha=0.7, beta=0.75), x
    )


def test_halves_are_summed_in_float32(close):
    x = (numbers((1, 4, 4, 64)) * 30).bfloat16()
    y = ops.local_response_normalization(x, 20)
    assert y.dtype == torch.bfloat16
    close(y.double(), oracle.tensorflow(x.double().numpy(), 20, 1.0, 1.0, 0.5), 4e-3)


def test_without_neighbours_each_sees_itself(close):
    x = numbers((3, 1))
    y = ops.local_response_normalization(x, 0, bias=1.0, alpha=1.0, beta=0.5)
    close(y, x / (1 + x.square()).sqrt())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"depth_radius": -1}, "`depth_radius` must be a whole number of at least 0"),
        ({"depth_radius": 1.5}, "`depth_radius` must be a whole number"),
        ({"bias": 0}, "`bias` must be a number above 0"),
        ({"alpha": -0.1}, "`alpha` must be a number of at least 0"),
        ({"beta": "x"}, "`beta` must be a number"),
    ],
)
def test_error_words(arguments, words):
    with pytest.raises(ArgumentError, match=f"^local_response_normalization: {words}"):
        ops.local_response_normalization(torch.zeros(1, 4), **arguments)
