"""A folded convolution gives what convolution and normalisation gave."""

import pytest
import torch

from striate import layers
from striate.models.predictor.folding import fold_norm


@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("affine", [{}, {"scale": False}, {"center": False}])
def test_one_for_two(use_bias, affine):
    torch.manual_seed(0)
    conv = layers.Conv2D(6, 3, groups=2, use_bias=use_bias)
    norm = layers.BatchNormalization(epsilon=0.01, **affine)
    x = torch.randn(2, 7, 7, 4)
    norm(conv(x))
    with torch.no_grad():
        for tensor in (*norm.parameters(), *norm.buffers(), *conv.parameters()):
            tensor.uniform_(0.5, 2.0)
    wanted = norm.double()(conv.double()(x.double()))
    conv.float(), norm.float()
    weight, bias = fold_norm(conv.weight, conv.bias, norm)
    twin = layers.Conv2D(6, 3, groups=2)
    twin(x)
    with torch.no_grad():
        twin.weight.copy_(weight)
        twin.bias.copy_(bias)
    torch.testing.assert_close(twin(x).double(), wanted, atol=1e-5, rtol=1e-5)
    assert weight.dtype is bias.dtype is torch.float32
    assert not weight.requires_grad
