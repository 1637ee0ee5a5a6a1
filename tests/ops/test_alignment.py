"""Targets and weights in the outputs' form."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.ops.alignment import (
    align_same,
    align_weights,
    check_unit_interval,
    same_shape,
    widen,
)


@pytest.mark.parametrize(
    ("targets", "outputs", "expected"),
    [
        ((8,), (8, 1), (8, 1)),
        ((8, 1), (8,), (8,)),
        ((8, 3), (8, 3), (8, 3)),
        ((8, 3), (None, 3), (8, 3)),
        ((8,), (None, 1), (8, 1)),
    ],
)
def test_a_last_axis_of_one_comes_and_goes(targets, outputs, expected):
    assert align_same("L", torch.zeros(targets), outputs).shape == expected


@pytest.mark.parametrize(
    ("targets", "outputs"),
    [((8,), (8, 3)), ((8, 3), (8,)), ((8, 1), (8, 3)), ((7,), (8, 1)), ((8, 1, 1), (8,))],
)
def test_nothing_is_broadcast(targets, outputs):
    with pytest.raises(ShapeError) as caught:
        align_same("MeanSquaredError", torch.zeros(targets), outputs)
    assert str(caught.value).startswith(
        "MeanSquaredError: `targets` must have the shape of the outputs. Got targets ("
    )


def test_unknown_sizes_fit():
    assert same_shape((4, 5), (None, 5))
    assert not same_shape((4, 5), (None, 6))
    assert not same_shape((4,), (None, 5))


def test_weights_of_a_scalar_value_are_their_mean():
    assert align_weights("L", torch.tensor([1.0, 3.0]), torch.tensor(0.5)).item() == 2.0


def test_widen():
    assert widen(torch.ones(1, dtype=torch.bfloat16)).dtype == torch.float32
    assert widen(torch.ones(1, dtype=torch.float64)).dtype == torch.float64
    assert widen(torch.ones(1, dtype=torch.bool)).dtype == torch.float32


@pytest.mark.parametrize("bad", [[-1.0, 1.0], [0.0, 255.0], [0.5, np.nan]])
def test_probabilities_lie_between_0_and_1(bad):
    check_unit_interval("BinaryCrossentropy", torch.tensor([0, 1, 1]))
    check_unit_interval("BinaryCrossentropy", torch.tensor([True, False]))
    check_unit_interval("BinaryCrossentropy", torch.tensor([]))
    with pytest.raises(ArgumentError, match="`targets` must be probabilities, 0 to 1"):
        check_unit_interval("BinaryCrossentropy", torch.tensor(bad))
