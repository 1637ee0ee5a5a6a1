"""Losses, metrics and optimizers never ask a device for a number, so it need not wait for one.

On the meta device there are no numbers: whoever asks for one fails.
"""

import pytest
import torch
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS
from tests.catalog.optimizers import OPTIMIZERS


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("row", LOSSES, ids=str)
def test_losses(row, weighted, rng):
    targets, outputs = (torch.tensor(array, device="meta") for array in row.batch(rng, 5))
    total, _ = row.make().criterion(
        outputs, targets, torch.ones(5, device="meta") if weighted else None
    )
    assert total.is_meta


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("row", METRICS, ids=str)
def test_metrics(row, weighted, rng):
    batch = [torch.tensor(array, device="meta") for array in row.batch(rng, 5)]
    metric = row.make()
    for _ in range(2):
        metric.update(*batch, weights=torch.ones(5, device="meta") if weighted else None)
    assert metric.result().is_meta


@pytest.mark.parametrize("row", OPTIMIZERS, ids=str)
def test_optimizers(row):
    parameters = [torch.zeros(2, 3, device="meta", requires_grad=True) for _ in range(2)]
    optimizer = row.make()
    optimizer.bind(parameters)
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    assert all(v.is_meta for entry in optimizer.state.values() for v in entry.values())
