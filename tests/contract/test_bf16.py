"""Every layer runs in bfloat16, forward and backward, and is float32 but for rounding.

Losses and metrics take half formats and compute in float32 at least.
"""

import numpy as np
import pytest
import torch
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS

from striate import structure

WIDE = {
    "Softmax",
    "Dense maps",
    "RadialBasis",
    "RadialBasis softmin",
}  # their results stay in float32: a loss takes them


@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("row", [row for row in LAYERS if not row.draws], ids=str)
def test_bfloat16_is_float32_but_for_rounding(row, training, close, tolerance):
    layer, narrow = row.built(), row.built(torch.bfloat16)
    inputs = row.inputs(torch.bfloat16)
    expected = layer(structure.map_leaves(lambda x: x.float(), inputs), training=training)
    given = structure.map_leaves(lambda x: x.requires_grad_(), inputs)
    y = narrow(given, training=training)
    assert y.dtype == (torch.float32 if str(row) in WIDE else torch.bfloat16)
    close(y.float(), expected, tolerance(torch.bfloat16))
    y.float().square().sum().backward()
    for tensor in (*structure.leaves(given), *narrow.parameters()):
        assert tensor.grad.dtype == torch.bfloat16
        assert tensor.grad.isfinite().all()


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_autocast_keeps_parameters_and_statistics_wide(row):
    layer = row.built()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = layer(row.inputs(), training=True)
    assert y.isfinite().all()
    for tensor in (*layer.parameters(), *layer.buffers()):
        assert tensor.dtype == torch.float32 or not tensor.is_floating_point()
        assert tensor.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("row", [row for row in LOSSES if row.name != "FunctionLoss"], ids=str)
def test_losses_of_half_formats_are_computed_wide(row, dtype, rng):
    targets, outputs = (torch.tensor(array, dtype=dtype) for array in row.batch(rng, 6))
    loss = row.make()
    values = loss.values(targets, outputs)
    assert values.dtype == torch.float32
    assert torch.equal(values, loss.values(targets.float(), outputs.float()))
    assert loss.values(targets, outputs.double()).dtype == torch.float64


@pytest.mark.parametrize("row", METRICS, ids=str)
def test_metrics_of_half_formats_are_counted_wide(row, rng):
    batch = [torch.tensor(np.asarray(array, dtype="float32")) for array in row.batch(rng, 64)]
    narrow, wide = row.make(), row.make()
    narrow.update(*batch[:-1], batch[-1].bfloat16())
    wide.update(*batch[:-1], batch[-1].bfloat16().float())
    assert torch.allclose(narrow.result(), wide.result(), rtol=1e-6)
