"""Plain functions as metrics."""

import pytest
import torch

from striate import metrics
from striate.errors import ArgumentError


def test_numbers_per_sample_and_per_batch():
    def distance(y_true, y_pred):
        return (y_true - y_pred).norm(dim=-1)

    metric = metrics.get(distance)
    metric.update([[0.0, 0.0]], [[3.0, 4.0]], [2.0])
    metric.update([[0.0, 0.0]], [[0.0, 2.0]], [1.0])
    assert metric.name == "distance"
    assert metric.result().item() == 4.0
    whole = metrics.FunctionMetric(lambda t, o: distance(t, o).max(), "furthest")
    whole.update(torch.zeros(2, 2), torch.ones(2, 2))
    assert whole.result().item() == pytest.approx(2**0.5)


def test_errors():
    with pytest.raises(ArgumentError, match="`function` must be a function of targets and outputs"):
        metrics.FunctionMetric(3)
    with pytest.raises(
        ArgumentError, match='FunctionMetric "half": `function` must return a tensor'
    ):
        metrics.FunctionMetric(lambda t, o: 0.5, "half").update([0], [0])
