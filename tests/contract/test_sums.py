"""Sums of losses and metrics over parts of a batch add up to the whole, however it is cut.

So micro-batches, devices and processes change no result.
"""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS


def tensors(arrays):
    return [torch.as_tensor(array) for array in arrays]


@settings(max_examples=10)
@given(n=st.integers(1, 9), cut=st.integers(0, 9), seed=st.integers(0, 9))
@pytest.mark.parametrize("row", LOSSES, ids=str)
def test_parts_of_a_loss_add_up(row, n, cut, seed):
    rng = np.random.default_rng(seed)
    targets, outputs, weights = tensors((*row.batch(rng, n), rng.random(n)))
    loss = row.make()
    whole, count = loss.criterion(outputs, targets, weights)
    total, counted = 0.0, 0
    for part in (slice(cut), slice(cut, None)):
        value, values = loss.criterion(outputs[part], targets[part], weights[part])
        total, counted = total + value, counted + values
    assert int(counted) == int(count)
    assert torch.allclose(whole, torch.as_tensor(total, dtype=whole.dtype), rtol=1e-9)
    if int(count):
        assert torch.allclose(loss(targets, outputs, weights), whole / count, rtol=1e-9)


def fed(metric, batches):
    for batch in batches:
        metric.update(*batch)
    return metric


@settings(max_examples=10)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5), cut=st.integers(0, 5))
@pytest.mark.parametrize("row", METRICS, ids=str)
def test_parts_of_a_metric_merge(row, sizes, cut):
    rng = np.random.default_rng(len(sizes))
    batches = [(*row.batch(rng, n), rng.random(n)) for n in sizes]
    whole, first, second = (
        fed(row.make(), part) for part in (batches, batches[:cut], batches[cut:])
    )
    summed = {name: value + second.state()[name] for name, value in first.state().items()}
    first.merge(second)
    assert torch.allclose(first.result(), whole.result(), rtol=1e-6)
    loaded = row.make()
    loaded.load_state(summed)
    assert torch.equal(loaded.result(), first.result())


@pytest.mark.parametrize("row", METRICS, ids=str)
def test_a_metric_starts_again_and_its_copies_are_its_own(row, rng):
    metric = row.make()
    empty = metric.result()
    assert not empty.any()
    metric.update(*row.batch(rng, 6))
    before = metric.result()
    for value in metric.state().values():
        value.zero_()
    assert torch.equal(metric.result(), before)
    twin = copy.deepcopy(metric)
    metric.update(*row.batch(rng, 9))
    assert torch.equal(twin.result(), before)
    metric.reset()
    assert torch.equal(metric.result(), empty)
    assert all(value.dtype == torch.float64 for value in metric.state().values())


@pytest.mark.parametrize("row", METRICS, ids=str)
def test_a_metric_keeps_no_graph(row, rng):
    *targets, outputs = tensors(row.batch(rng, 5))
    outputs = outputs.to(torch.float32).requires_grad_()
    metric = row.make()
    metric.update(*targets, outputs * 1.0)
    assert not any(value.requires_grad for value in metric.state().values())
