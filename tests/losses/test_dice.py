"""Dice loss against NumPy."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.losses import Dice


@pytest.mark.parametrize("axis", [None, (1, 2, 3), -1, [1, 2]])
def test_against_numpy(axis, close, rng):
    targets = rng.integers(0, 2, (3, 4, 5, 2)).astype(float)
    outputs = rng.random((3, 4, 5, 2))
    axes = tuple(axis) if isinstance(axis, list) else axis
    overlap = (targets * outputs).sum(axes)
    expected = 1 - 2 * overlap / (targets.sum(axes) + outputs.sum(axes) + 1e-7)
    close(Dice(axis).values(torch.tensor(targets), torch.tensor(outputs)), np.asarray(expected))


def test_the_whole_batch_counts_as_one():
    targets, outputs = torch.ones(4, 2, 2, 1), torch.full((4, 2, 2, 1), 0.5)
    assert Dice().criterion(outputs, targets)[1] == 1
    assert Dice((1, 2, 3)).criterion(outputs, targets)[1] == 4
    weights = torch.tensor([0.0, 1.0, 1.0, 2.0])
    assert Dice()(targets, outputs, weights).item() == pytest.approx(1 - 16 / 24, rel=1e-5)


def test_empty_areas_are_not_a_division_by_zero():
    assert Dice()(torch.zeros(1, 2, 2, 1), torch.zeros(1, 2, 2, 1)).item() == 1.0


def test_errors():
    with pytest.raises(ArgumentError, match="Dice: `axis` must be whole numbers or None"):
        Dice("all")
    with pytest.raises(ArgumentError, match="Dice: `axis` must be whole numbers or None"):
        Dice(())
    with pytest.raises(ShapeError, match="Dice: `targets` must have the shape of the outputs"):
        Dice()(torch.zeros(2, 4, 4), torch.zeros(2, 4, 4, 3))
    with pytest.raises(ArgumentError, match="Dice: `targets` must be probabilities, 0 to 1"):
        Dice().check_targets(torch.full((2, 4), 255.0), (2, 4))
