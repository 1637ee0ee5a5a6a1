"""Convolutions of random configurations: the twins judge, and Keras agrees but for listed cells.

Every configuration is run in float64 and in float32, forward and backward. Keras knows "valid" and
"same" only, and on torch it fails in the cells of KERAS_FAILS, which the twins still judge.
"""

import functools
import random
from dataclasses import dataclass, field

import keras
import numpy as np
import pytest
import torch
from tests.oracle import conv as oracle
from tests.oracle.gradient import gradients

from striate import layers
from striate.errors import ShapeError

TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
COUNTS = {"Conv2D": 60, "DepthwiseConv2D": 40, "SeparableConv2D": 30, "Conv2DTranspose": 60}


@dataclass(frozen=True)
class Case:
    """A layer, its arguments and the shape of its input."""

    layer: str
    shape: tuple
    arguments: dict = field(hash=False)

    def __str__(self):
        short = {"kernel_size": "k", "strides": "s", "dilation_rate": "d", "padding": ""}
        parts = [f"{short.get(name, name)}{_text(v)}" for name, v in self.arguments.items()]
        return "-".join([self.layer, _text(self.shape), *parts])

    def window(self):
        """Strides, padding and dilation as the twins take them."""
        names = {"strides": "strides", "padding": "padding", "dilation_rate": "dilation"}
        names |= {"groups": "groups", "output_padding": "output_padding"}
        return {names[n]: v for n, v in self.arguments.items() if n in names}


def _text(value):
    return str(value).replace(" ", "").replace("(", "").replace(")", "").replace(",", "x")


def _pair(draw, low, high):
    return draw.randint(low, high), draw.randint(low, high)


def _case(layer, draw):
    """One random configuration; None where no window fits."""
    pair = functools.partial(_pair, draw)
    groups = draw.choice([1, 1, 2, 3]) if layer == "Conv2D" else 1
    channels = draw.choice([1, 1, 2, 3] if layer != "Conv2D" else [1, 2]) * groups
    size = draw.choice([(1, 1), pair(1, 3), pair(2, 7), pair(4, 9)])
    arguments = {} if layer == "DepthwiseConv2D" else {"filters": groups * draw.randint(1, 3)}
    arguments |= {"kernel_size": pair(1, 4), "strides": draw.choice([(1, 1), pair(1, 4)])}
    arguments["padding"] = draw.choice(
        ["valid", "same", "valid", "same", draw.randint(0, 2), pair(0, 2), (pair(0, 2), pair(0, 2))]
    )
    arguments["dilation_rate"] = draw.choice([(1, 1), (1, 1), pair(1, 3)])
    if layer == "Conv2D":
        arguments["groups"] = groups
    if layer in ("DepthwiseConv2D", "SeparableConv2D"):
        arguments["depth_multiplier"] = draw.randint(1, 3)
    if layer == "Conv2DTranspose" and draw.random() < 0.5:
        strides = arguments["strides"]
        arguments["output_padding"] = tuple(draw.randrange(stride) for stride in strides)
    case = Case(layer, (draw.choice([1, 2]), *size, channels), arguments)
    try:
        output = getattr(layers, layer)(**arguments).output_shape(case.shape)
    except ShapeError:
        return None
    return case if np.prod(output) <= 600 else None


def _cases():
    for layer, count in COUNTS.items():
        draw, found = random.Random(f"{layer} 3"), {}
        while len(found) < count:
            case = _case(layer, draw)
            if case is not None:
                found[str(case)] = case
        yield from found.values()


CASES = list(_cases())
TWINS = {
    "Conv2D": (oracle.conv2d, oracle.conv2d_backward),
    "DepthwiseConv2D": (oracle.depthwise_conv2d, oracle.depthwise_conv2d_backward),
    "SeparableConv2D": (oracle.separable_conv2d, oracle.separable_conv2d_backward),
    "Conv2DTranspose": (oracle.conv2d_transpose, oracle.conv2d_transpose_backward),
}


@functools.cache
def judged(case):
    """(x, weights in Keras' layout, what flows back, y, gradients of x and of the weights)."""
    rng = np.random.default_rng(CASES.index(case))
    x = numbers(rng, case.shape)
    weights = [numbers(rng, array.shape) for array in built(case).get_weights()]
    forward, backward = TWINS[case.layer]
    y = forward(x, *weights, **case.window())
    flow = numbers(rng, y.shape)
    found = backward(x, *weights[:-1], flow, **case.window())
    return x, weights, flow, y, [*found, flow.sum(axis=(0, 1, 2))]


def numbers(rng, shape):
    """Of both signs, more above 0: sums that are nearly 0 would hide behind their rounding."""
    return rng.uniform(-0.5, 1.5, shape).astype(np.float32).astype(np.float64)


def built(case):
    layer = getattr(layers, case.layer)(**case.arguments)
    layer.build((None, *case.shape[1:]))
    return layer


def run(layer, x, flow, dtype):
    """(y, gradient of x) of one pass forward and back."""
    given = torch.tensor(x, dtype=dtype, requires_grad=True)
    y = layer(given)
    y.backward(torch.tensor(flow, dtype=dtype))
    return y, given.grad


@pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_and_gradients_are_the_twins(case, dtype, close):
    x, weights, flow, y, wanted = judged(case)
    layer = built(case).to(dtype)
    layer.set_weights(weights)
    assert layer.output_shape(case.shape) == y.shape
    got, by_x = run(layer, x, flow, dtype)
    close(got, y, TOLERANCE[dtype])
    with torch.no_grad():  # so that get_weights gives the gradients in Keras' layout
        for parameter in layer.parameters():
            parameter.copy_(parameter.grad)
    for a, b in zip([by_x, *layer.get_weights()], wanted, strict=True):
        close(a, b, TOLERANCE[dtype])


REFUSED = "`strides > 1` not supported"  # together with dilation; Keras says so
ONE_FILTER = "grad_weight (must be|needs to be) contiguous"  # the gradient of one filter or channel
KERAS_FAILS = {
    "Conv2D-1x1x1x1-filters3-k2x1-s3x1-same-d2x2-groups1": REFUSED,
    "Conv2D-1x1x3x2-filters3-k2x2-s2x3-same-d3x3-groups1": REFUSED,
    "Conv2D-1x1x3x3-filters9-k1x2-s2x4-same-d2x3-groups3": REFUSED,
    "Conv2D-1x4x3x3-filters6-k2x1-s2x4-valid-d1x2-groups3": REFUSED,
    "Conv2D-2x2x6x6-filters9-k3x2-s2x4-same-d2x2-groups3": REFUSED,
    "Conv2DTranspose-1x1x1x1-filters1-k2x1-s4x3-valid-d3x2-output_padding1x0": REFUSED,
    "Conv2DTranspose-1x6x4x1-filters3-k4x4-s3x1-valid-d2x1": REFUSED,
    "Conv2DTranspose-2x1x1x2-filters3-k1x4-s2x2-valid-d3x2": REFUSED,
    "Conv2D-1x4x5x2-filters1-k3x2-s1x1-same-d1x1-groups1": ONE_FILTER,
    "Conv2D-1x5x5x2-filters1-k4x3-s1x1-valid-d1x1-groups1": ONE_FILTER,
    "Conv2D-1x6x4x2-filters1-k2x2-s1x1-same-d1x1-groups1": ONE_FILTER,
    "Conv2DTranspose-1x4x6x1-filters3-k3x1-s1x1-valid-d1x2-output_padding0x0": ONE_FILTER,
    "Conv2DTranspose-1x6x5x1-filters2-k1x3-s3x1-valid-d1x1": ONE_FILTER,
}
KERAS_KNOWS = [case for case in CASES if isinstance(case.arguments["padding"], str)]
KERAS_CAN = [case for case in KERAS_KNOWS if str(case) not in KERAS_FAILS]


@pytest.fixture
def one_thread():
    """With one thread torch takes the convolution in whose gradient Keras fails."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def in_keras(case):
    """(output shape by formula, y, gradients of x and of the weights) in Keras on torch."""
    x, weights, flow, _, _ = judged(case)
    layer = getattr(keras.layers, case.layer)(**case.arguments)
    layer.build((None, *case.shape[1:]))
    layer.set_weights(weights)
    y, by_x = run(layer, x, flow, torch.float32)
    gradients_ = [by_x, *(variable.value.grad for variable in layer.trainable_weights)]
    return tuple(layer.compute_output_shape(case.shape)), y, gradients_


@pytest.mark.peers
@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("case", KERAS_CAN, ids=str)
def test_keras_agrees(case, close):
    _, _, _, y, wanted = judged(case)
    shape, got, found = in_keras(case)
    assert shape == y.shape
    close(got, y, TOLERANCE[torch.float32])
    for a, b in zip(found, wanted, strict=True):
        close(a, b, TOLERANCE[torch.float32])


@pytest.mark.peers
@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", KERAS_FAILS)
def test_keras_still_fails(name):
    case = next(case for case in KERAS_KNOWS if str(case) == name)
    with pytest.raises((ValueError, RuntimeError), match=KERAS_FAILS[name]):
        in_keras(case)


def test_the_configurations_are_many_and_odd():
    windows = [(case, *(case.arguments[n] for n in ("kernel_size", "strides"))) for case in CASES]
    assert len(CASES) == sum(COUNTS.values()) >= 160
    for layer in COUNTS:
        mine = [case for case in CASES if case.layer == layer]
        seen = [case.arguments for case in mine]
        assert {type(a["padding"]) for a in seen} >= {str, int, tuple}
        assert {"valid", "same"} <= {a["padding"] for a in seen}
        assert any(isinstance(a["padding"], tuple) and a["padding"][0] == 2 for a in seen)
        assert any(case.shape[1:3] == (1, 1) for case in mine)
        assert any(case.shape[3] == 1 for case in mine)
        assert any(max(a["dilation_rate"]) > 1 and max(a["strides"]) > 1 for a in seen)
        assert any(s > k for case, ks, ss in windows for k, s in zip(ks, ss, strict=True))
    assert {case.arguments.get("groups") for case in CASES} >= {1, 2, 3}
    assert {case.arguments.get("depth_multiplier") for case in CASES} >= {1, 2, 3}
    assert any(any(case.arguments.get("output_padding", ())) for case in CASES)


@pytest.mark.parametrize("layer", TWINS)
def test_the_twins_gradients_are_their_derivatives(layer, close):
    small = [case for case in CASES if case.layer == layer and np.prod(case.shape) <= 40][:4]
    assert len(small) == 4
    for case in small:
        x, weights, flow, _, wanted = judged(case)
        twin = functools.partial(TWINS[layer][0], **case.window())
        for a, b in zip(gradients(twin, [x, *weights], flow), wanted, strict=True):
            close(a, b, 1e-12)


@pytest.mark.parametrize("strides", [(1, 1), (2, 3), (3, 2)], ids=str)
@pytest.mark.parametrize("kernel", [(1, 2), (3, 3), (4, 5)], ids=str)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_transposed_twin_is_the_way_back_of_a_convolution(padding, kernel, strides, rng):
    maps, filters = rng.normal(size=(1, 3, 4, 2)), rng.normal(size=(*kernel, 3, 2))
    back = oracle.conv2d_transpose(maps, filters, strides=strides, padding=padding)
    picture = rng.normal(size=back.shape)
    seen = oracle.conv2d(picture, filters, strides=strides, padding=padding)
    np.testing.assert_allclose((seen * maps).sum(), (picture * back).sum(), rtol=1e-12)
