"""RadialBasis: squared distances to centres that stay where they are."""

import numpy as np
import pytest
import torch

import striate
from striate.errors import ArgumentError, ShapeError
from striate.layers import RadialBasis

CENTRES = np.random.RandomState(0).standard_normal((3, 5))


def test_values_and_gradient():
    x = np.random.RandomState(1).standard_normal((2, 4, 5))
    seen = torch.from_numpy(x).requires_grad_()
    layer = RadialBasis(CENTRES.tolist())
    layer.build((None, 4, 5))
    y = layer.double()(seen)
    apart = x[..., None, :] - CENTRES.astype(np.float32)
    np.testing.assert_allclose(y.detach(), np.linalg.norm(apart, axis=-1) ** 2, rtol=1e-12)
    y.sum().backward()
    np.testing.assert_allclose(seen.grad, 2 * apart.sum(axis=-2), rtol=1e-12)


def test_a_small_distance_between_large_numbers_is_kept():
    layer = RadialBasis([[1000.0, 1000.0]])
    assert layer(torch.tensor([[1000.0, 1000.001]])).item() == pytest.approx(1e-6, rel=0.1)
    assert layer(torch.ones(1, 2, dtype=torch.bfloat16)).dtype == torch.float32


def test_centres_are_not_trained_and_count_as_weights():
    layer = RadialBasis(CENTRES.tolist())
    layer.build((None, 5))
    assert not list(layer.parameters())
    assert layer.count_params() == 15
    (kernel,) = layer.get_weights()
    np.testing.assert_allclose(kernel, CENTRES.T, rtol=1e-6)


def test_softmin_makes_probabilities_that_a_loss_knows():
    layer = RadialBasis([[0.0], [2.0]], activation="softmin")
    y = layer(torch.tensor([[0.5]]))
    wanted = np.exp([-0.25, -2.25]) / np.exp([-0.25, -2.25]).sum()
    np.testing.assert_allclose(y[0], wanted, rtol=1e-6)
    kind, logits = striate.ops.logits_of(y)
    assert (kind, logits.tolist()) == ("softmax", [[-0.25, -2.25]])


def test_words():
    for centres in ([], [1.0, 2.0], [[1.0], [2.0, 3.0]], [[float("nan")]], "far", [[]]):
        with pytest.raises(ArgumentError, match="`centres` must be rows of finite numbers"):
            RadialBasis(centres)
    with pytest.raises(ShapeError, match="must end in 5 numbers, as each centre"):
        RadialBasis(CENTRES.tolist())(torch.ones(2, 4))
