"""Counts, weights and names of losses; what all of them promise is in the contracts."""

import dataclasses

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from striate import losses
from striate.errors import ArgumentError, ShapeError


def test_objects_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        losses.Huber().delta = 2.0


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=9))
def test_the_count_is_not_the_sum_of_the_weights(weights):
    n = len(weights)
    total, count = losses.get("mae").criterion(
        torch.ones(n, 2), torch.zeros(n, 2), torch.tensor(weights)
    )
    assert count == n
    assert total.item() == pytest.approx(sum(weights), rel=1e-5, abs=1e-6)


def test_weights_per_sample_per_value_and_column():
    loss = losses.SparseCategoricalCrossentropy()
    targets, outputs = torch.zeros(2, 3, 4, dtype=torch.long), torch.rand(2, 3, 4, 5).softmax(-1)
    per_sample = torch.tensor([0.5, 2.0])
    full = per_sample[:, None, None].expand(2, 3, 4)
    expected = loss(targets, outputs, full)
    for weights in (per_sample, full[..., None], per_sample[:, None, None], per_sample.tolist()):
        assert loss(targets, outputs, weights).item() == pytest.approx(expected.item())
    assert loss(targets, outputs, 2.0).item() == pytest.approx(2 * loss(targets, outputs).item())


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 4, 5), (1, 2, 3, 4)])
def test_weights_of_another_shape(shape):
    words = r"MeanSquaredError: `weights` must hold one weight per sample or one per value\. Got"
    with pytest.raises(ShapeError, match=words):
        losses.get("mse")(torch.zeros(2, 3, 4), torch.zeros(2, 3, 4), torch.ones(shape))


def test_an_empty_batch_is_zero():
    assert losses.get("mse")(torch.zeros(0, 2), torch.zeros(0, 2)).item() == 0.0


def test_get():
    huber = losses.Huber(0.5)
    assert losses.get(huber) is huber
    with pytest.raises(ArgumentError) as caught:
        losses.get("categorical_crossentopy")
    assert str(caught.value) == (
        "compile: `loss` must name a known loss. Got loss='categorical_crossentopy'. Nearest: "
        '"categorical_crossentropy", "categorical_focal_crossentropy", '
        '"sparse_categorical_crossentropy".'
    )
    for wrong in (3, losses.Huber, None):
        with pytest.raises(ArgumentError, match="compile: `loss` must be the name of a loss"):
            losses.get(wrong)


def test_a_loss_without_values():
    with pytest.raises(NotImplementedError):
        losses.Loss().values(torch.zeros(1), torch.zeros(1))
    losses.Loss().check_targets(torch.zeros(1), (1,))
    assert losses.Loss().get_config() == {}
