"""LayerScale: a learned factor for each channel."""

import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import LayerScale


def test_values_and_gradients():
    layer, x = LayerScale(), torch.randn(2, 3, 4, 5, requires_grad=True)
    assert layer(x).equal(x * 1e-6)
    factors = np.array([1.0, -2.0, 0.5, 0.0, 3.0], dtype=np.float32)
    layer.set_weights([factors])
    y = layer(x)
    assert np.array_equal(y.detach().numpy(), x.detach().numpy() * factors)
    y.sum().backward()
    assert x.grad.equal(torch.from_numpy(factors).expand_as(x))
    torch.testing.assert_close(layer.weight.grad, x.detach().sum((0, 1, 2)))


def test_rows_and_one_channel():
    assert LayerScale(2.0)(torch.ones(2, 3)).equal(torch.full((2, 3), 2.0))
    assert LayerScale(2.0)(torch.ones(1, 1, 1, 1)).item() == 2


def test_counts():
    layer = LayerScale(0.1)
    assert layer(torch.ones(1, 4, 4, 7)).shape == (1, 4, 4, 7)
    assert layer.count_params() == layer.cost((1, 4, 4, 7)).parameters == 7
    assert layer.weight.tolist() == pytest.approx([0.1] * 7)


@pytest.mark.parametrize("value", ["small", None, True, float("nan")])
def test_error_words(value):
    with pytest.raises(ArgumentError, match=r'LayerScale "s": `init_values` must be'):
        LayerScale(value, name="s")


def test_shapes_that_are_refused():
    layer = LayerScale(name="s")
    with pytest.raises(ShapeError, match=r"must have 2 dimensions \(n, c\) or more"):
        layer(torch.ones(3))
    with pytest.raises(ShapeError, match="must have a known number of channels"):
        layer.build((None, 3, 3, None))
    layer(torch.ones(1, 3))
    with pytest.raises(ShapeError, match="must have 3 channels, as when it was built"):
        layer(torch.ones(1, 4))
