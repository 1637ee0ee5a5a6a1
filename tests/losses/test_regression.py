"""Regression losses against NumPy and torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from striate.errors import ArgumentError, ShapeError
from striate.losses import Huber, MeanAbsoluteError, MeanSquaredError


def test_against_numpy_and_torch(close, rng):
    a, b = rng.standard_normal((2, 6, 4)) * 3
    t, o = torch.tensor(a), torch.tensor(b)
    close(MeanSquaredError().values(t, o), ((a - b) ** 2).mean(1))
    close(MeanAbsoluteError().values(t, o), np.abs(a - b).mean(1))
    close(Huber(0.7)(t, o), F.huber_loss(o, t, delta=0.7))


@pytest.mark.parametrize("loss", [MeanSquaredError(), MeanAbsoluteError(), Huber()])
def test_a_column_is_not_broadcast_against_a_row(loss, close):
    targets, outputs = torch.rand(6), torch.rand(6, 1)
    close(loss(targets, outputs), loss(targets[:, None], outputs))
    with pytest.raises(ShapeError, match="`targets` must have the shape of the outputs"):
        loss(targets[:5], outputs)


def test_whole_number_targets(close):
    outputs = torch.tensor([[3.0, 4.0]])
    close(MeanSquaredError()(torch.tensor([[1, 2]], dtype=torch.uint8), outputs), 4.0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_targets_must_be_finite(bad):
    MeanSquaredError().check_targets(torch.tensor([1, 2]), (None, 1))
    with pytest.raises(ArgumentError, match="MeanSquaredError: `targets` must be finite numbers"):
        MeanSquaredError().check_targets(torch.tensor([1.0, bad]), (None, 1))


def test_delta_is_above_0():
    with pytest.raises(ArgumentError, match="Huber: `delta` must be a number above 0"):
        Huber(0.0)
