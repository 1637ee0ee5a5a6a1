"""Top-k accuracy against sorting."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.metrics import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy


@pytest.mark.parametrize("k", [1, 2, 5, 9])
def test_against_sorting(k, rng):
    targets, outputs = rng.integers(0, 5, 40), rng.random((40, 5))
    best = np.argsort(-outputs, axis=1)[:, :k]
    expected = np.mean([t in row for t, row in zip(targets, best, strict=True)])
    sparse, dense = SparseTopKCategoricalAccuracy(k), TopKCategoricalAccuracy(k)
    sparse.update(targets, outputs)
    dense.update(np.eye(5)[targets], outputs)
    assert sparse.result().item() == pytest.approx(expected)
    assert dense.result().item() == pytest.approx(expected)


def test_equal_outputs_are_in_and_nan_is_out():
    metric = SparseTopKCategoricalAccuracy(1)
    metric.update([1], [[0.5, 0.5, 0.1]])
    assert metric.result().item() == 1.0
    metric.update([1], torch.tensor([[0.5, float("nan"), 0.1]]))
    assert metric.result().item() == 0.5


def test_errors():
    with pytest.raises(ArgumentError, match="TopKCategoricalAccuracy: `k` must be a whole number"):
        TopKCategoricalAccuracy(0)
    with pytest.raises(ShapeError, match="hold one class number per output"):
        SparseTopKCategoricalAccuracy().update(np.eye(6), np.eye(6))
