"""A convolution of fixed weights, packed or plain, against the one in float64."""

import pytest
import torch

import striate
from striate import layers, ops
from striate.layers.activations import activation_functions
from striate.models.predictor import predictor_of
from striate.models.predictor.convolution import Convolution, can_pack


def wanted(conv, x, other, activation):
    y = conv.double()(x.double())
    conv.float()
    y = y if other is None else y + other.double()
    return y if activation is None else activation(y)


@pytest.mark.parametrize("activation", [None, ops.relu, ops.relu6, ops.silu, ops.hard_swish])
@pytest.mark.parametrize("sums", [False, True])
@pytest.mark.parametrize("side", [6, 64])
def test_functions_and_sums(activation, sums, side):
    """The smaller map goes by the plain call, the greater one packed."""
    torch.manual_seed(0)
    conv = layers.Conv2D(24, 3, padding="same")
    x = torch.randn(2, side, side, 20)
    conv(x)
    other = torch.randn(2, side, side, 24) if sums else None
    run = Convolution(
        lambda: (conv.weight, conv.bias),
        conv.weight.shape,
        sides=("same", "same"),
        activation=activation,
    )
    with torch.inference_mode():
        kept = x.clone(), None if other is None else other.clone()
        y = run(x, other)
        assert torch.equal(x, kept[0])
        assert other is None or torch.equal(other, kept[1])
    assert run._ways[side, side].is_packed == (side == 64)
    torch.testing.assert_close(y.double(), wanted(conv, x, other, activation), atol=2e-5, rtol=1e-5)
    assert y.is_contiguous()


@pytest.mark.parametrize(
    "how",
    [
        {"strides": 2, "padding": "same"},
        {"strides": (1, 2), "padding": ((0, 2), (1, 0))},
        {"dilation_rate": 2},
        {"groups": 4, "padding": 1},
        {"use_bias": False},
    ],
)
def test_windows(how):
    torch.manual_seed(1)
    conv = layers.Conv2D(32, 3, **how)
    for side in (75, 90):  # the second with weights packed for the first
        x = torch.randn(3, side, side, 16)
        conv(x)
        run = Convolution(
            lambda: (conv.weight, conv.bias),
            conv.weight.shape,
            strides=conv.strides,
            sides=conv._sides,
            dilation=conv.dilation_rate,
            groups=conv.groups,
        )
        with torch.inference_mode():
            y = run(x)
        assert run._ways[side, side].is_packed
        torch.testing.assert_close(y.double(), wanted(conv, x, None, None), atol=2e-5, rtol=1e-5)


def test_one_packing_serves_every_batch_and_size():
    torch.manual_seed(2)
    conv = layers.Conv2D(64, 3)
    small, great = torch.randn(1, 40, 40, 32), torch.randn(5, 64, 30, 32)
    conv(small)
    run = Convolution(lambda: (conv.weight, conv.bias), conv.weight.shape)
    with torch.inference_mode():
        run(small)
        packed = run._packed
        y = run(great)
    assert run._packed is packed
    torch.testing.assert_close(y.double(), wanted(conv, great, None, None), atol=2e-5, rtol=1e-5)


def test_what_cannot_be_packed():
    assert can_pack(torch.zeros(1)) == torch.backends.mkldnn.is_available()
    assert not can_pack(torch.zeros(1, dtype=torch.float64))
    torch._C._set_mkldnn_enabled(False)
    try:
        assert not can_pack(torch.zeros(1))
    finally:
        torch._C._set_mkldnn_enabled(True)


@pytest.mark.parametrize("name", sorted(activation_functions))
@pytest.mark.parametrize("kind", ["own", "layer", "added", "separable", "depthwise"])
def test_every_function_by_its_name(name, kind):
    """Some look along the channels: maps that are higher than wide, of more channels than both."""
    torch.manual_seed(0)
    start = striate.Input((4, 5, 3))
    if kind == "layer":
        end = layers.Activation(name)(layers.Conv2D(7, 3, padding="same")(start))
    elif kind == "added":
        pair = [layers.Conv2D(7, 3, padding="same")(start), layers.Conv2D(7, 1)(start)]
        end = layers.Activation(name)(layers.Add()(pair))
    elif kind == "separable":
        end = layers.SeparableConv2D(7, 3, activation=name)(start)
    elif kind == "depthwise":
        end = layers.DepthwiseConv2D(2, depth_multiplier=2, activation=name)(start)
    else:
        end = layers.Conv2D(7, 3, activation=name)(start)
    model = striate.Model(start, end)
    x = torch.randn(2, 4, 5, 3)
    assert predictor_of(model) is not None
    with torch.no_grad():
        torch.testing.assert_close(torch.from_numpy(model.predict(x.numpy())), model(x))
