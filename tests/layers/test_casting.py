import numpy as np
import pytest
import torch

from striate.layers import Add, BatchNormalization, Conv2D, Dense
from striate.layers.casting import are_tensors, cast_to, to_tensors


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.uint8], ids=str)
def test_what_is_given_is_cast_to_the_parameters(dtype):
    x = (torch.rand(2, 5, 5, 3) * 9).to(dtype)
    for layer in (Conv2D(4, 3), Dense(4), BatchNormalization()):
        first = layer(x)
        assert first.dtype == torch.float32
        assert torch.equal(first, layer(x.float()))
        assert torch.equal(layer(x), first)
        wide = layer.double()
        assert wide(x.float()).dtype == wide(x).dtype == torch.float64


def test_under_autocast_nothing_is_cast_back():
    layer, x = Conv2D(4, 3), torch.rand(2, 5, 5, 3)
    layer(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert layer(x.bfloat16()).dtype == torch.bfloat16
        assert cast_to(layer, x.bfloat16()) is torch.bfloat16


def test_arrays_and_structures_become_tensors():
    layer = Dense(2)
    layer.build((None, 3))
    read_only = np.ones((1, 3))
    read_only.flags.writeable = False
    given = to_tensors(layer, {"a": [read_only], "b": torch.ones(2, dtype=torch.uint8), "c": "x"})
    assert given["a"][0].dtype == given["b"].dtype == torch.float32
    assert given["c"] == "x"
    assert not are_tensors(given)
    assert are_tensors([torch.ones(1), (torch.ones(1),)])


def test_a_layer_without_parameters_keeps_the_type():
    x = torch.rand(2, 3, dtype=torch.float64)
    assert Add()([x, x]).dtype == torch.float64
    assert cast_to(Dense(2), torch.ones(1, dtype=torch.complex64)) is torch.complex64
