"""Counts at thresholds against direct comparison."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ShapeError
from striate.metrics.thresholds import positives

tenths = st.integers(0, 10).map(lambda i: i / 10)


@given(
    st.lists(st.tuples(tenths, st.booleans(), st.integers(0, 3)), min_size=1, max_size=20),
    st.lists(tenths, min_size=1, max_size=6, unique=True),
    st.sampled_from([torch.float32, torch.float64]),
)
def test_against_direct_comparison(rows, levels, dtype):
    scores, targets, weights = (torch.tensor(column) for column in zip(*rows, strict=True))
    scores = scores.to(dtype)
    thresholds = torch.tensor(sorted(levels), dtype=torch.float64)
    counts = positives("T", targets, scores, weights=weights, thresholds=thresholds)
    above = scores[None].numpy() > thresholds.to(dtype)[:, None].numpy()
    t, w = targets.numpy(), weights.numpy()
    np.testing.assert_array_equal(counts["true_positives"], (above * t * w).sum(1))
    np.testing.assert_array_equal(counts["false_positives"], (above * ~t * w).sum(1))
    assert counts["positives"].item() == (t * w).sum()
    assert counts["negatives"].item() == (~t * w).sum()


def test_nan_is_above_nothing():
    levels = torch.tensor([0.0, 0.5], dtype=torch.float64)
    counts = positives(
        "T", torch.ones(2), torch.tensor([float("nan"), 1.0]), weights=None, thresholds=levels
    )
    assert counts["true_positives"].tolist() == [1.0, 1.0]
    assert counts["positives"].item() == 2.0


def test_targets_of_another_shape():
    with pytest.raises(ShapeError, match="AUC: `targets` must have the shape of the outputs"):
        positives("AUC", torch.ones(3), torch.ones(2), weights=None, thresholds=torch.tensor([0.5]))
