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


AXES = st.sampled_from([(1,), (3,), (1, 2), (1, 3), (2, 3), (1, 2, 3)])


@given(st.lists(st.integers(1, 4), min_size=4, max_size=4), AXES)
def test_layer_norm_is_the_oracles(shape, axes):
    x, sizes = numbers(shape) + 2, [shape[axis] for axis in axes]
    gamma, beta = numbers(sizes, 1), numbers(sizes, 2)
    got = ops.layer_norm(x, axis=axes, gamma=gamma, beta=beta, epsilon=0.01)
    expected = oracle.layer_norm(x.numpy(), axes, gamma.numpy(), beta.numpy(), 0.01)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("axis", [-1, (1, 2), 1])
def test_layer_norm_of_halves_is_summed_in_float32(axis, close):
    x = (numbers((2, 64, 5, 64)) + 3).bfloat16()
    y = ops.layer_norm(x, axis=axis)
    assert y.dtype == torch.bfloat16
    close(y.double(), ops.layer_norm(x.double(), axis=axis), 5e-3)


@given(SHAPES, st.sampled_from([(1, 1), (1, 3), (2, 4), (-1, 3), (3, 3), (2, 2)]))
def test_group_norm_is_the_oracles(shape, groups_and_channels):
    groups, c = groups_and_channels
    x, (gamma, beta) = numbers((*shape, c)) + 2, affine(c)
    got = ops.group_norm(x, groups, gamma=gamma, beta=beta, epsilon=0.01)
    expected = oracle.group_norm(x.numpy(), groups, gamma.numpy(), beta.numpy(), 0.01)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("axis", [1, 2, 3, -1, -2])
def test_group_norm_takes_the_channels_of_any_axis(axis, close):
    x = numbers((2, 6, 4, 2))
    y = ops.group_norm(x, 2, axis=axis)
    c = x.shape[axis]
    close(y, oracle.group_norm(x.numpy(), 2, np.ones(c), np.zeros(c), 1e-3, axis), 1e-9)


@pytest.mark.parametrize("given_beta", [False, True])
@pytest.mark.parametrize("given_gamma", [False, True])
@pytest.mark.parametrize("of_input", [False, True])
def test_group_norm_has_gradients_for_whatever_asks(of_input, given_gamma, given_beta, close):
    def parts():
        x = numbers((2, 5, 3, 4)).requires_grad_(of_input)
        gamma, beta = (each.requires_grad_() for each in affine(4))
        return x, gamma if given_gamma else None, beta if given_beta else None

    def back(y, tensors):
        asked = [t for t in tensors if t is not None and t.requires_grad]
        flow = numbers(y.shape, 5)
        return torch.autograd.grad((y * flow).sum(), asked) if asked else ()

    x, gamma, beta = parts()
    got = back(ops.group_norm(x, 2, gamma=gamma, beta=beta), (x, gamma, beta))
    x, gamma, beta = parts()
    grouped = x.reshape(2, 15, 2, 2)
    variance, mean = torch.var_mean(grouped, (1, 3), correction=0, keepdim=True)
    y = ((grouped - mean) * (variance + 1e-3).rsqrt()).reshape(x.shape)
    y = y * (1 if gamma is None else gamma) + (0 if beta is None else beta)
    for a, b in zip(got, back(y, (x, gamma, beta)), strict=True):
        close(a, b, 1e-9)


@pytest.mark.parametrize("of_input", [False, True])
def test_group_norm_of_halves_with_wide_parameters(of_input, close):
    x, (gamma, beta) = numbers((2, 16, 16, 8)), affine(8)
    half = x.bfloat16().requires_grad_(of_input)
    gamma, beta = gamma.float().requires_grad_(), beta.float().requires_grad_()
    y = ops.group_norm(half, 2, gamma=gamma, beta=beta)
    assert y.dtype == torch.bfloat16
    y.float().square().sum().backward()
    assert gamma.grad.dtype == torch.float32
    exact = ops.group_norm(half.double(), 2, gamma=gamma.double(), beta=beta.double())
    close(y.double(), exact, 1e-2)


def test_group_norm_loses_digits_far_from_zero_in_float32_only():
    x = numbers((2, 16, 16, 4))
    wanted = ops.group_norm(x, 2)
    wide = (ops.group_norm(x + 1000, 2) - wanted).abs().max()
    near = (ops.group_norm(x.float() + 1, 2) - wanted).abs().max()
    far = (ops.group_norm(x.float() + 1000, 2) - wanted).abs().max()
    assert wide < 1e-7
    assert near < 1e-5
    assert far > 1e-2  # mended in torch: then the docstring's sentence goes


@pytest.mark.parametrize("groups", [0, -2, 1.5, True, "all", None])
def test_error_words_of_groups(groups):
    with pytest.raises(ArgumentError, match=r"^group_norm: `groups` must be a whole number"):
        ops.group_norm(torch.zeros(1, 4), groups)


def test_error_words_of_channels():
    with pytest.raises(ShapeError, match=r"input must have channels that groups=3 divides\. Got"):
        ops.group_norm(torch.zeros(1, 4), 3)
    with pytest.raises(ShapeError, match="have 3 dimensions or more"):
        ops.layer_norm(torch.zeros(1, 4), axis=2)
    with pytest.raises(ArgumentError, match=r"^layer_norm: `axis` must"):
        ops.layer_norm(torch.zeros(1, 4), axis=0)
