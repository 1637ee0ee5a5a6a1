"""Every loss gives Keras' values, means and gradients."""

import keras
import numpy as np
import pytest
import torch

from striate import losses

pytestmark = pytest.mark.peers

N, Q = 7, 4


# Keras takes means in float32, whatever the type of the losses.
TOLERANCE = 1e-6

# Keras' backward refuses these: "grad_input must be contiguous".
NO_GRADIENT_IN_KERAS = ("sparse_map", "sparse_ignored")


def shares(rng, *shape):
    raw = np.exp(rng.standard_normal(shape))
    return raw / raw.sum(-1, keepdims=True)


def one_hot(rng, *shape):
    return np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])]


def categorical(rng):
    return one_hot(rng, N, Q), shares(rng, N, Q)


def categorical_logits(rng):
    return one_hot(rng, N, Q), rng.standard_normal((N, Q)) * 3


def categorical_map(rng):
    return one_hot(rng, 3, 5, 6, Q), shares(rng, 3, 5, 6, Q)


def unnormalised(rng):
    return one_hot(rng, N, Q), shares(rng, N, Q) * rng.uniform(0.5, 2.0, (N, 1))


def saturated(rng):
    return one_hot(rng, N, Q), one_hot(rng, N, Q)


def sparse(rng):
    return rng.integers(0, Q, N), shares(rng, N, Q)


def sparse_column(rng):
    return rng.integers(0, Q, (N, 1)), rng.standard_normal((N, Q))


def sparse_map(rng):
    return rng.integers(0, Q, (3, 5, 6)), shares(rng, 3, 5, 6, Q)


def sparse_ignored(rng):
    targets, outputs = sparse_map(rng)
    targets[rng.random(targets.shape) < 0.3] = 255
    return targets, outputs


def binary(rng):
    return rng.integers(0, 2, (N, Q)).astype(float), rng.uniform(0.0, 1.0, (N, Q))


def binary_logits(rng):
    return rng.integers(0, 2, (N, Q)).astype(float), rng.standard_normal((N, Q)) * 3


def binary_flat(rng):
    return rng.integers(0, 2, N).astype(float), rng.uniform(0.0, 1.0, (N, 1))


def binary_saturated(rng):
    return np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0, 1.0]])


def numbers(rng):
    return rng.standard_normal((N, Q)) * 2, rng.standard_normal((N, Q)) * 2


def numbers_flat(rng):
    return rng.standard_normal(N), rng.standard_normal((N, 1))


def areas(rng):
    return one_hot(rng, 3, 5, 6, Q), shares(rng, 3, 5, 6, Q)


CASES = [
    ("CategoricalCrossentropy", {}, categorical),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, categorical),
    ("CategoricalCrossentropy", {"from_logits": True}, categorical_logits),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, categorical_logits),
    ("CategoricalCrossentropy", {}, categorical_map),
    ("CategoricalCrossentropy", {}, unnormalised),
    ("CategoricalCrossentropy", {}, saturated),
    ("SparseCategoricalCrossentropy", {}, sparse),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, sparse_column),
    ("SparseCategoricalCrossentropy", {}, sparse_map),
    ("SparseCategoricalCrossentropy", {"ignore_class": 255}, sparse_ignored),
    ("BinaryCrossentropy", {}, binary),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, binary),
    ("BinaryCrossentropy", {"from_logits": True}, binary_logits),
    ("BinaryCrossentropy", {}, binary_flat),
    ("BinaryCrossentropy", {}, binary_saturated),
    ("MeanSquaredError", {}, numbers),
    ("MeanSquaredError", {}, numbers_flat),
    ("MeanAbsoluteError", {}, numbers),
    ("Huber", {}, numbers),
    ("Huber", {"delta": 0.3}, numbers_flat),
    ("CategoricalFocalCrossentropy", {}, categorical),
    ("CategoricalFocalCrossentropy", {"alpha": 0.4, "gamma": 1.5}, categorical_map),
    ("CategoricalFocalCrossentropy", {"alpha": (0.1, 0.2, 0.3, 0.4)}, categorical),
    ("CategoricalFocalCrossentropy", {"from_logits": True}, categorical_logits),
    ("CategoricalFocalCrossentropy", {"label_smoothing": 0.1}, categorical),
    ("BinaryFocalCrossentropy", {}, binary),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "gamma": 1.0}, binary_flat),
    ("BinaryFocalCrossentropy", {"from_logits": True, "alpha": 0.6}, binary_logits),
    ("BinaryFocalCrossentropy", {"label_smoothing": 0.1}, binary),
    ("Dice", {}, areas),
    ("Dice", {"axis": (1, 2, 3)}, areas),
]
IDS = [f"{name}-{make.__name__}-{index}" for index, (name, _, make) in enumerate(CASES)]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("name", "arguments", "make"), CASES, ids=IDS)
def test_mean_and_gradient_are_keras(name, arguments, make, weighted, rng, close):
    targets, outputs = make(rng)
    ours = getattr(losses, name)(**arguments)
    theirs = getattr(keras.losses, name)(dtype="float64", **arguments)
    weights = None
    if weighted and targets.ndim < 4 and name != "Dice":
        weights = rng.uniform(0.0, 2.0, targets.shape if targets.ndim == 3 else (len(targets),))
    first, second = (torch.tensor(outputs, requires_grad=True) for _ in range(2))
    value, expected = ours(targets, first, weights), theirs(targets, second, weights)
    close(value, expected, TOLERANCE)
    value.backward()
    if make.__name__ in NO_GRADIENT_IN_KERAS:
        return
    expected.backward()
    close(first.grad, second.grad, TOLERANCE)


@pytest.mark.parametrize(("name", "arguments", "make"), CASES, ids=IDS)
def test_unreduced_values_are_keras(name, arguments, make, rng, close):
    targets, outputs = make(rng)
    ours = getattr(losses, name)(**arguments).values(torch.tensor(targets), torch.tensor(outputs))
    theirs = getattr(keras.losses, name)(dtype="float64", reduction=None, **arguments)
    close(ours, theirs(targets, outputs), TOLERANCE)
