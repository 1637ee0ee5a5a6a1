"""A dense layer of fixed weights, packed or plain, against the one in float64."""

import pytest
import torch

from striate import layers, ops
from striate.models.predictor.product import Product


@pytest.mark.parametrize("activation", [None, ops.relu, ops.softmax])
@pytest.mark.parametrize("use_bias", [False, True])
def test_any_number_of_rows(activation, use_bias):
    torch.manual_seed(0)
    dense = layers.Dense(7, use_bias=use_bias)
    dense(torch.zeros(1, 33))
    run = Product(dense.weight, dense.bias, activation)
    for shape in ((1, 33), (15, 33), (16, 33), (200, 33), (2, 20, 33)):
        x = torch.randn(shape)
        kept = x.clone()
        with torch.inference_mode():
            y = run(x)
        wanted = dense.double()(x.double())
        dense.float()
        wanted = wanted if activation is None else activation(wanted)
        torch.testing.assert_close(y.double(), wanted, atol=1e-5, rtol=1e-5)
        assert torch.equal(x, kept)
    assert len(run.tensors()) == 1
