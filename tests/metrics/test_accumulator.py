"""Counts and states of metrics; what all of them promise is in the contracts."""

import pytest
import torch

from striate import metrics
from striate.errors import ArgumentError
from striate.metrics.accumulator import quotient


def test_counts_go_on_where_float32_stops():
    mean = metrics.Mean()
    mean.update(1.0, weights=2.0**24)
    mean.update(0.0, weights=1.0)
    assert mean.state()["count"].item() == 2**24 + 1


def test_quotient():
    assert quotient(torch.tensor(1.0), torch.tensor(0.0)).item() == 0.0


def test_errors():
    metric = metrics.Precision([0.1, 0.2])
    with pytest.raises(ArgumentError, match='Precision "precision": `state` must hold'):
        metric.load_state({"total": torch.zeros(())})
    with pytest.raises(ArgumentError, match="be a metric of the same class and arguments"):
        metric.merge(metrics.Precision(0.1))
    with pytest.raises(ArgumentError, match="be a metric of the same class and arguments"):
        metric.merge(metrics.Recall([0.1, 0.2]))
    with pytest.raises(ArgumentError, match="Mean: `name` must be a word"):
        metrics.Mean("")
    for call in (lambda: metrics.Metric("m").result(), lambda: metrics.Accumulator("a").state()):
        with pytest.raises(NotImplementedError):
            call()
