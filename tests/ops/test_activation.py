import math

import numpy as np
import pytest
import scipy.special
import torch

from striate import ops

# Each function by its definition, in float64.
FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "selu": lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(np.minimum(x, 0)) - 1))
    ),
    "gelu": lambda x: x * (1 + scipy.special.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hard_sigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
    "hard_swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "tanh": np.tanh,
    "scaled_tanh": lambda x: 1.7159 * (1 - 2 / (np.exp(4 * x / 3) + 1)),
    "softmin": lambda x: np.exp(-x) / np.exp(-x).sum(-1, keepdims=True),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_values_are_the_formulas(name, close):
    x = np.linspace(-8, 8, 42).reshape(6, 7)
    close(getattr(ops, name)(torch.from_numpy(x)), FORMULAS[name](x), 1e-8)


@pytest.mark.parametrize("name", FORMULAS)
def test_gradients_are_differences(name):
    x = torch.linspace(-7.77, 7.9, 12, dtype=torch.float64).reshape(3, 4).requires_grad_()
    assert torch.autograd.gradcheck(getattr(ops, name), x)


def test_options_of_single_functions(close):
    x = torch.linspace(-3, 3, 13, dtype=torch.float64)
    close(ops.leaky_relu(x, 0.5), torch.where(x > 0, x, 0.5 * x))
    close(ops.elu(x, 2.0), torch.where(x > 0, x, 2 * x.expm1()))
    root = math.sqrt(2 / math.pi)
    close(ops.gelu(x, approximate=True), x / 2 * (1 + (root * (x + 0.044715 * x**3)).tanh()))
    y = x.reshape(1, 13).expand(2, 13)
    close(ops.softmax(y, axis=0), torch.full((2, 13), 0.5, dtype=torch.float64))


@pytest.mark.parametrize("name", ["softmax", "softmin", "sigmoid", "log_softmax"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_probabilities_are_at_least_float32(name, dtype, close):
    x = torch.linspace(-5, 5, 8).reshape(1, 8).to(dtype)
    y = getattr(ops, name)(x)
    assert y.dtype == torch.float32
    close(y, getattr(ops, name)(x.double()), 1e-6)


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_outputs_carry_their_logits(name):
    x = torch.randn(2, 3)
    kind, logits = ops.logits_of(getattr(ops, name)(x))
    assert kind == name
    assert logits is x


def test_softmin_carries_the_logits_of_a_softmax():
    x = torch.randn(2, 3)
    kind, logits = ops.logits_of(ops.softmin(x))
    assert kind == "softmax"
    assert logits.equal(-x)


def test_scaled_tanh_keeps_one_and_bends_most_there():
    one = torch.tensor([1.0, -1.0], dtype=torch.float64)
    assert torch.allclose(ops.scaled_tanh(one), one, atol=1e-4)
    x = torch.linspace(0, 4, 401, dtype=torch.float64)
    bend = ops.scaled_tanh(x).diff().diff()
    assert x[1:-1][bend.argmin()].item() == pytest.approx(1.0, abs=0.02)


def test_any_further_operation_drops_them():
    y = ops.softmax(torch.randn(2, 3))
    assert ops.logits_of(y * 1) is None
    assert ops.logits_of(torch.randn(2, 3)) is None
    assert ops.logits_of(ops.softmax(torch.randn(2, 3), axis=0)) is None


def test_huge_logits_do_not_overflow():
    x = torch.tensor([[1e4, -1e4, 0.0]])
    assert ops.softmax(x).tolist() == [[1.0, 0.0, 0.0]]
    assert ops.log_softmax(x).isfinite().all()
    assert ops.softplus(x).isfinite().all()
