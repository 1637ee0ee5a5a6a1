"""State, merging and reset, for every metric."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from striate import metrics
from striate.errors import ArgumentError
from striate.metrics.accumulator import quotient

CLASSES = 4


def classes(rng, n):
    return rng.integers(0, CLASSES, n), rng.random((n, CLASSES))


def one_hot(rng, n):
    return np.eye(CLASSES)[rng.integers(0, CLASSES, n)], rng.random((n, CLASSES))


def same(rng, n):
    return rng.integers(0, CLASSES, n), rng.integers(0, CLASSES, n)


def labels(rng, n):
    return rng.integers(0, 2, (n, CLASSES)), rng.random((n, CLASSES))


ALL = {
    "accuracy": (metrics.Accuracy, same),
    "by_shape": (metrics.AccuracyByShape, classes),
    "binary": (metrics.BinaryAccuracy, labels),
    "categorical": (metrics.CategoricalAccuracy, one_hot),
    "sparse": (lambda: metrics.SparseCategoricalAccuracy(ignore_class=0), classes),
    "top_k": (lambda: metrics.TopKCategoricalAccuracy(2), one_hot),
    "sparse_top_k": (lambda: metrics.SparseTopKCategoricalAccuracy(2), classes),
    "auc": (metrics.AUC, labels),
    "auc_pr": (lambda: metrics.AUC(50, "PR"), labels),
    "precision": (metrics.Precision, labels),
    "precisions": (lambda: metrics.Precision([0.7, 0.3]), labels),
    "recall": (metrics.Recall, labels),
    "mean_io_u": (lambda: metrics.MeanIoU(CLASSES), same),
    "mse": (metrics.MeanSquaredError, labels),
    "mae": (metrics.MeanAbsoluteError, labels),
    "function": (lambda: metrics.FunctionMetric(torch.dist), labels),
}


def fed(make, batches):
    metric = make()
    for batch in batches:
        metric.update(*batch)
    return metric


@settings(max_examples=10)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), cut=st.integers(0, 5))
@pytest.mark.parametrize("name", ALL)
def test_parts_merge_to_the_whole(name, sizes, cut):
    make, batch = ALL[name]
    rng = np.random.default_rng(len(sizes))
    batches = [(*batch(rng, n), rng.random(n)) for n in sizes]
    whole, first, second = (fed(make, b) for b in (batches, batches[:cut], batches[cut:]))
    summed = {k: v + second.state()[k] for k, v in first.state().items()}
    first.merge(second)
    assert torch.allclose(first.result(), whole.result(), rtol=1e-6)
    loaded = make()
    loaded.load_state(summed)
    assert torch.equal(loaded.result(), first.result())


@pytest.mark.parametrize("name", ALL)
def test_reset_state_and_copies(name, rng):
    make, batch = ALL[name]
    metric = make()
    empty = metric.result()
    assert not empty.any()
    metric.update(*batch(rng, 6))
    before = metric.result()
    for value in metric.state().values():
        value.zero_()
    assert torch.equal(metric.result(), before)
    twin = copy.deepcopy(metric)
    metric.update(*batch(rng, 9))
    assert torch.equal(twin.result(), before)
    metric.reset()
    assert torch.equal(metric.result(), empty)
    assert all(value.dtype == torch.float64 for value in metric.state().values())


@pytest.mark.parametrize("name", [n for n in ALL if n != "function"])
def test_config_makes_the_same_again(name, rng):
    metric = ALL[name][0]()
    again = type(metric)(**metric.get_config())
    assert repr(again) == repr(metric)
    again.merge(metric)


@pytest.mark.parametrize("name", ALL)
def test_outputs_keep_no_graph(name, rng):
    make, batch = ALL[name]
    targets, outputs = batch(rng, 5)
    outputs = torch.tensor(outputs, dtype=torch.float32, requires_grad=True)
    metric = make()
    metric.update(targets, outputs * 1.0)
    assert not any(value.requires_grad for value in metric.state().values())


@pytest.mark.parametrize("name", ALL)
def test_half_outputs_are_counted_in_full(name, rng):
    make, batch = ALL[name]
    targets, outputs = (torch.tensor(np.asarray(a, dtype="float32")) for a in batch(rng, 64))
    metric, full = make(), make()
    metric.update(targets.bfloat16(), outputs.bfloat16())
    full.update(targets, outputs.bfloat16().float())
    assert torch.allclose(metric.result(), full.result(), rtol=1e-2)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("weighted", [False, True])
def test_nothing_is_read_back_before_the_result(name, weighted, rng):
    make, batch = ALL[name]
    targets, outputs = (torch.tensor(a, device="meta") for a in batch(rng, 5))
    weights = torch.ones(5, device="meta") if weighted else None
    metric = make()
    metric.update(targets, outputs, weights)
    metric.update(targets, outputs, weights)
    assert metric.result().device.type == "meta"


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
