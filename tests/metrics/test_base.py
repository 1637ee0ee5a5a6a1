"""Ones own metrics."""

import pytest
import torch

from striate.metrics import Metric
from striate.metrics.base import MeanMetric


class Largest(MeanMetric):
    def _values(self, targets, outputs):
        return outputs.amax(dim=-1)


def test_a_mean_over_samples():
    metric = Largest("largest")
    metric.update([0, 0], [[1.0, 3.0], [5.0, 2.0]])
    metric.update([0], [[8.0, 0.0]], [2.0])
    assert metric.result().item() == (3 + 5 + 16) / 4


def test_what_must_be_written():
    with pytest.raises(NotImplementedError):
        Metric("m").update([0], [0])
    with pytest.raises(NotImplementedError):
        MeanMetric("m").update(torch.zeros(1), torch.zeros(1))
