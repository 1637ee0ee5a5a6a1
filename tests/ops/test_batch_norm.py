import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import norm as oracle

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def affine(c):
    return numbers((c,), 1), numbers((c,), 2)


@given(SHAPES, st.integers(1, 4))
def test_fixed_statistics_are_the_oracles(shape, c):
    x, (gamma, beta) = numbers((*shape, c)), affine(c)
    mean, variance = numbers((c,), 3), numbers((c,), 4).abs()
    got = ops.batch_norm(x, mean=mean, variance=variance, gamma=gamma, beta=beta, epsilon=0.01)
    expected = oracle.batch_norm(
        x.numpy(), mean.numpy(), variance.numpy(), gamma.numpy(), beta.numpy(), 0.01
    )
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-10, atol=1e-12)


@given(SHAPES, st.integers(1, 4), st.sampled_from([0.0, 0.5, 0.99, 1.0]))
def test_training_is_the_oracles(shape, c, momentum):
    x, (gamma, beta) = numbers((*shape, c)) * 3 + 1, affine(c)
    mean, variance = numbers((c,), 3), numbers((c,), 4).abs()
    y, new_mean, new_variance = oracle.batch_norm_training(
        x.numpy(), mean.numpy(), variance.numpy(), gamma.numpy(), beta.numpy(), momentum, 1e-3
    )
    got = ops.batch_norm_training(
        x, running_mean=mean, running_var=variance, gamma=gamma, beta=beta, momentum=momentum
    )
    np.testing.assert_allclose(got.numpy(), y, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(mean.numpy(), new_mean, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(variance.numpy(), new_variance, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("channels", [1, 3])
def test_gradients_are_those_of_the_formula(channels, close):
    x = numbers((2, 4, 3, channels)).requires_grad_()
    gamma, beta = (each.requires_grad_() for each in affine(channels))
    weights = numbers(x.shape, 5)

    def gradients(y):
        return torch.autograd.grad((y * weights).sum(), (x, gamma, beta))

    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2), correction=0)
    expected = gradients((x - mean) * (variance + 1e-3).rsqrt() * gamma + beta)
    zeros, ones = torch.zeros(channels).double(), torch.ones(channels).double()
    running = {"running_mean": zeros, "running_var": ones}
    got = gradients(ops.batch_norm_training(x, **running, gamma=gamma, beta=beta))
    for a, b in zip(got, expected, strict=True):
        close(a, b, 1e-10)


def test_two_steps_before_one_backward():
    x = numbers((4, 3)).requires_grad_()
    mean, variance = torch.zeros(3).double(), torch.ones(3).double()
    first = ops.batch_norm_training(x, running_mean=mean, running_var=variance)
    second = ops.batch_norm_training(2 * x, running_mean=mean, running_var=variance)
    (first + second).square().sum().backward()
    assert x.grad.isfinite().all()


def test_one_sample_has_no_variance():
    mean, variance = torch.zeros(2), torch.ones(2)
    y = ops.batch_norm_training(
        torch.tensor([[3.0, 4.0]]), running_mean=mean, running_var=variance, momentum=0.5
    )
    assert y.abs().max() < 1e-4
    assert mean.tolist() == [1.5, 2.0]
    assert variance.tolist() == [0.5, 0.5]


def test_bfloat16_pictures_meet_float32_statistics(close):
    x = numbers((8, 5, 5, 2)).bfloat16()
    mean, variance = torch.zeros(2), torch.ones(2)
    y = ops.batch_norm_training(x, running_mean=mean, running_var=variance, momentum=0.0)
    assert y.dtype == torch.bfloat16
    flat = x.double().reshape(-1, 2)
    close(mean, flat.mean(0).float(), 1e-5)
    close(variance, flat.var(0, correction=0).float(), 1e-5)


@pytest.mark.parametrize("function", ["batch_norm", "batch_norm_training"])
def test_error_words(function):
    names = ("mean", "variance") if function == "batch_norm" else ("running_mean", "running_var")

    def call(x, *given):
        return getattr(ops, function)(x, **dict(zip(names, given, strict=True)))

    x, one = torch.zeros(2, 3), torch.ones(3)
    with pytest.raises(ShapeError, match=rf"^{function}: input must have 2 dimensions \(n, c\)"):
        call(torch.zeros(3), one, one)
    with pytest.raises(
        ShapeError, match=f"^{function}: `{names[1]}` must hold one number for each"
    ):
        call(x, one, torch.ones(4))
    with pytest.raises(ArgumentError, match=f"^{function}: `x` must hold floating-point numbers"):
        call(x.int(), one, one)
    with pytest.raises(ArgumentError, match=f"`{names[0]}` must have the number type"):
        call(x, one.double(), one)
