"""Normalisations of random configurations: the twins judge, and Keras but for listed cells.

Every configuration is run in float64 and in float32, forward and backward, and the statistics that
it leaves are compared too. Keras has neither LocalResponseNormalization nor SqueezeExcite; torch,
rescaled, and the twins judge those.
"""

import functools
import math
import random
from dataclasses import dataclass, field

import keras
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from tests.oracle import lrn, norm
from tests.oracle.gradient import gradients
from tests.oracle.squeeze_excite import squeeze_excite

from striate import layers

TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
COUNTS = {
    "BatchNormalization": 36,
    "LayerNormalization": 30,
    "GroupNormalization": 24,
    "LocalResponseNormalization": 20,
    "SqueezeExcite": 14,
    "Normalization": 22,
}


@dataclass(frozen=True)
class Case:
    """A layer, its arguments, the shape of its input, and how it is used."""

    layer: str
    shape: tuple
    arguments: dict = field(hash=False)
    mode: str = ""

    def __str__(self):
        parts = [f"{name}{_text(value)}" for name, value in self.arguments.items()]
        return "-".join(each for each in (self.layer, _text(self.shape), self.mode, *parts) if each)

    @property
    def axes(self):
        """Its axes, rising from 0."""
        axis = self.arguments.get("axis", -1)
        listed = axis if isinstance(axis, tuple) else () if axis is None else (axis,)
        return tuple(sorted(each % len(self.shape) for each in listed))


def _text(value):
    return str(value).replace(" ", "").replace("(", "").replace(")", "").replace(",", "x")


def _shape(draw, rank=4):
    """Odd sizes, one pixel, one channel, one sample."""
    sizes = draw.choice([[1] * 3, [draw.randint(1, 3) for _ in "thr"], [5, 3, 2], [2, 1, 3]])
    return (draw.randint(1, 3), *sizes[: rank - 2], draw.choice([1, 2, 3, 4, 6]))


def _affine(draw, values):
    """Center, scale and an epsilon. Few values normalise to nearly the same whatever they are:
    with a small epsilon their gradient would be a difference of nearly equal numbers."""
    few = [1.0, 0.3] if values < 4 else [1e-3, 0.01, 0.3]
    given = {"epsilon": draw.choice(few)}
    given |= {name: False for name in ("center", "scale") if draw.random() < 0.25}
    return given


def _batch_norm(draw):
    shape = _shape(draw, draw.choice([2, 3, 4, 4, 4]))
    mode = draw.choice(["training", "training", "inference", "frozen"])
    arguments = _affine(draw, math.prod(shape[:-1])) | {"momentum": draw.choice([0.0, 0.6, 0.99])}
    return Case("BatchNormalization", shape, arguments, mode)


def _layer_norm(draw):
    shape = _shape(draw, draw.choice([2, 4, 4, 4]))
    known = [-1, -1, 1, (-1,), (1, -1), (-2, -1), (1, 2, 3), (1, 2), (-1, 2, 1)]
    axis = draw.choice(known if len(shape) == 4 else known[:4])
    case = Case("LayerNormalization", shape, {"axis": axis})
    return Case(*_with(case, _affine(draw, math.prod(shape[a] for a in case.axes))))


def _group_norm(draw):
    shape = _shape(draw, draw.choice([2, 4, 4, 4]))
    axis = draw.choice([-1, -1, -1, len(shape) - 1, 1])
    channels = shape[axis]
    groups = draw.choice([-1, *(g for g in range(1, channels + 1) if channels % g == 0)])
    values = math.prod(shape[1:]) // (channels if groups == -1 else groups)
    arguments = {"groups": groups, "axis": axis, **_affine(draw, values)}
    return Case("GroupNormalization", shape, arguments)


def _lrn(draw):
    arguments = {
        "depth_radius": draw.choice([0, 1, 2, 5]),
        "bias": draw.choice([0.5, 1.0, 2.0]),
        "alpha": draw.choice([0.0, 1e-4, 0.3, 1.0]),
        "beta": draw.choice([0.0, 0.5, 0.75, 1.0]),
    }
    return Case("LocalResponseNormalization", _shape(draw, draw.choice([2, 4, 4])), arguments)


def _squeeze_excite(draw):
    shape = _shape(draw)
    key = draw.choice(["ratio", "filters"])
    return Case("SqueezeExcite", shape, {key: draw.randint(1, shape[-1] if key == "ratio" else 4)})


def _normalization(draw):
    shape = _shape(draw, draw.choice([2, 4, 4]))
    axis = draw.choice(
        [-1, -1, None, 1, (1, -1), (-2, -1), (1, 2, 3)][: 4 if len(shape) == 2 else 7]
    )
    arguments = {"axis": axis, "invert": draw.random() < 0.3}
    if draw.random() < 0.3:
        wide = draw.random() < 0.5 and axis is not None
        last = shape[max(Case("", shape, {"axis": axis}).axes)] if wide else None
        given = [round(draw.uniform(0.5, 2.0), 3) for _ in range(2 * (last or 1))]
        arguments["mean"] = given[:last] if last else given[0]
        arguments["variance"] = given[last:] if last else given[1]
    return Case("Normalization", shape, arguments, "given" if "mean" in arguments else "adapted")


def _with(case, more):
    return case.layer, case.shape, {**case.arguments, **more}, case.mode


MAKERS = [_batch_norm, _layer_norm, _group_norm, _lrn, _squeeze_excite, _normalization]


def _cases():
    for make, (layer, count) in zip(MAKERS, COUNTS.items(), strict=True):
        draw, found = random.Random(f"{layer} 3"), {}
        while len(found) < count:
            case = make(draw)
            if math.prod(case.shape) <= 120:
                found[str(case)] = case
        yield from found.values()


CASES = list(_cases())


def numbers(rng, shape):
    """Numbers that float32 holds, of both signs."""
    return rng.uniform(-0.5, 1.5, shape).astype(np.float32).astype(np.float64)


def made(case, module=layers):
    """A new layer, built; Normalization measures nothing yet."""
    layer = getattr(module, case.layer)(**case.arguments)
    layer.build((None, *case.shape[1:]))
    if case.mode == "frozen":
        layer.trainable = False
    return layer


@dataclass
class Judged:
    """What goes in, and what the twin says must come out."""

    x: np.ndarray
    weights: list
    flow: np.ndarray
    y: np.ndarray
    by: list
    statistics: list


@functools.cache
def judged(case):
    rng = np.random.default_rng(CASES.index(case))
    x = numbers(rng, case.shape)
    layer = made(case)
    trained = [numbers(rng, array.shape) for array in layer.get_weights()]
    if case.layer == "Normalization":
        trained = []
    statistics = []
    if case.layer == "BatchNormalization":
        statistics = [trained.pop() ** 2 + 0.5, trained.pop()][::-1]
        trained = trained[: len(list(layer.parameters()))]
    twin, statistics_after = _twin(case, x, statistics, rng)
    y = twin(x, *trained)
    flow = numbers(rng, y.shape)
    by = gradients(twin, [x, *trained], flow)
    return Judged(x, trained + statistics, flow, y, by, statistics_after)


def _twin(case, x, statistics, rng):
    """(twin as a function of x and the trained arrays, statistics that must stand afterwards)."""
    given = dict(case.arguments)
    epsilon = given.get("epsilon")
    if case.layer == "LocalResponseNormalization":
        return functools.partial(lrn.tensorflow, **given), []
    if case.layer == "SqueezeExcite":
        return squeeze_excite, []
    if case.layer == "Normalization":
        return _standardised(case, rng)

    def affine(trained, sizes):
        arrays = iter(trained)
        gamma = next(arrays, np.ones(sizes)) if given.get("scale", True) else np.ones(sizes)
        beta = next(arrays, np.zeros(sizes)) if given.get("center", True) else np.zeros(sizes)
        return gamma, beta

    sizes = [case.shape[axis] for axis in case.axes]
    if case.layer == "LayerNormalization":
        return lambda x, *p: norm.layer_norm(x, case.axes, *affine(p, sizes), epsilon), []
    if case.layer == "GroupNormalization":
        last = given["groups"], given["axis"]
        return lambda x, *p: norm.group_norm(x, last[0], *affine(p, sizes), epsilon, last[1]), []
    if case.mode != "training":
        return lambda x, *p: norm.batch_norm(x, *statistics, *affine(p, sizes), epsilon), statistics
    rest = (given["momentum"], epsilon)

    def run(x, *p):
        return norm.batch_norm_training(x, *statistics, *affine(p, sizes), *rest)

    return lambda x, *p: run(x, *p)[0], list(run(x, *affine([], sizes))[1:])


def _standardised(case, rng):
    """The twin of a Normalization, given or adapted to `data_for(case)`."""
    axes, invert = case.axes, case.arguments["invert"]
    if case.mode == "given":
        sizes = [case.shape[axis] for axis in axes]
        found = [np.broadcast_to(case.arguments[n], sizes) for n in ("mean", "variance")]
        return lambda x: norm.standardised(x, *found, axes, invert), []
    found = norm.moments(data_for(case), axes)
    return lambda x: norm.standardised(x, *found, axes, invert), list(found)


def data_for(case):
    """What a Normalization is adapted to."""
    return numbers(np.random.default_rng(7), (5, *case.shape[1:])) * 3 + 1


def run(layer, case, dtype):
    """(y, gradient of x and of the parameters, statistics) of one pass forward and back."""
    wanted = judged(case)
    if case.mode == "adapted":
        data = data_for(case).astype(np.float64 if dtype == torch.float64 else np.float32)
        layer.adapt(data)
    elif wanted.weights:
        layer.set_weights(wanted.weights)
    x = torch.tensor(wanted.x, dtype=dtype, requires_grad=True)
    y = layer(x, training=True) if case.mode in ("training", "frozen") else layer(x)
    y.backward(torch.tensor(wanted.flow, dtype=dtype))
    return y, x.grad


@pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_gradients_and_statistics_are_the_twins(case, dtype, close):
    wanted, layer = judged(case), made(case).to(dtype)
    y, by_x = run(layer, case, dtype)
    limit = TOLERANCE[dtype]
    assert tuple(layer.output_shape(case.shape)) == wanted.y.shape
    close(y, wanted.y, limit)
    statistics = [b for name, b in layer.named_buffers() if name.startswith("running")]
    for a, b in zip(statistics, wanted.statistics, strict=True):
        close(a, b, limit)
    if case.mode == "frozen":
        assert all(parameter.grad is None for parameter in layer.parameters())
        close(by_x, wanted.by[0], limit)
        return
    for a, b in zip([by_x, *_gradients(layer)], wanted.by, strict=True):
        close(a, b, limit)


def _gradients(layer):
    """Gradients of the parameters in Keras' layout."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(parameter.grad)
    trained = len(list(layer.parameters()))
    return layer.get_weights()[:trained]


# Keras takes torch's layer_norm, which knows last axes only, for any axes that follow each other;
# and it sorts axes before it counts them from 0, so -1 comes before 1 in the shape of gamma.
NOT_LAST = "Given normalized_shape"
OTHER_ORDER = "is not compatible with provided weight shape"
KERAS_FAILS = {
    "LayerNormalization-2x5x3x4-axis1-epsilon0.3-scaleFalse": NOT_LAST,
    "LayerNormalization-1x3x1x1-axis1-epsilon1.0-scaleFalse": NOT_LAST,
    "LayerNormalization-3x1x3x6-axis1-epsilon1.0-centerFalse-scaleFalse": NOT_LAST,
    "LayerNormalization-3x1x3x6-axis1-epsilon0.3-centerFalse": NOT_LAST,
    "LayerNormalization-1x2x1x4-axis-1x2x1-epsilon0.01-scaleFalse": OTHER_ORDER,
    "LayerNormalization-1x1x2x3-axis1x-1-epsilon0.3": OTHER_ORDER,
    "LayerNormalization-1x2x1x1-axis-1x2x1-epsilon1.0": OTHER_ORDER,
    "LayerNormalization-2x3x2x3-axis-1x2x1-epsilon0.01-centerFalse": OTHER_ORDER,
}
IN_KERAS = [case for case in CASES if hasattr(keras.layers, case.layer)]
KERAS_CAN = [case for case in IN_KERAS if str(case) not in KERAS_FAILS]


@pytest.mark.peers
@pytest.mark.parametrize("case", KERAS_CAN, ids=str)
def test_keras_agrees(case, close):
    wanted, layer = judged(case), made(case, keras.layers)
    y, by_x = run(layer, case, torch.float32)
    limit = TOLERANCE[torch.float32]
    close(y, wanted.y, limit)
    if case.mode == "frozen":
        return
    statistics = [variable.value for variable in layer.non_trainable_weights]
    for a, b in zip(statistics, wanted.statistics, strict=False):  # Keras' own count comes last
        close(a, b, limit)
    by_parameters = [variable.value.grad for variable in layer.trainable_weights]
    for a, b in zip([by_x, *by_parameters], wanted.by, strict=True):
        close(a, b, limit)


@pytest.mark.peers
@pytest.mark.parametrize("name", KERAS_FAILS)
def test_keras_still_fails(name):
    case = next(case for case in IN_KERAS if str(case) == name)
    with pytest.raises((RuntimeError, ValueError), match=KERAS_FAILS[name]):
        run(made(case, keras.layers), case, torch.float32)


# Keras' variance on torch is E[x^2] - E[x]^2, a difference of nearly equal numbers far from 0; and
# where the sizes of the last axes happen to fit, torch's layer_norm is taken on the wrong axes.
FAR, NEAR = 1000.0, 0.0
KERAS_WRONG = {
    "BatchNormalization far": ("BatchNormalization", {}, (4, 5, 5, 2), FAR),
    "LayerNormalization far": ("LayerNormalization", {"axis": (1, 3)}, (2, 5, 5, 4), FAR),
    "LayerNormalization rows": ("LayerNormalization", {"axis": 1}, (2, 3, 3, 3), NEAR),
    "LayerNormalization maps": ("LayerNormalization", {"axis": (1, 2)}, (2, 3, 3, 3), NEAR),
}


@pytest.mark.peers
@pytest.mark.parametrize("name", KERAS_WRONG)
def test_keras_is_still_wrong(name, close, rng):
    layer, arguments, shape, offset = KERAS_WRONG[name]
    x = (rng.normal(size=shape) + offset).astype(np.float32)
    case = Case(layer, shape, {"epsilon": 1e-3, "axis": -1, **arguments})
    one, zero = (np.full([shape[axis] for axis in case.axes], n) for n in (1.0, 0.0))
    if layer == "BatchNormalization":
        y = norm.batch_norm_training(x, zero, one, one, zero, 0.99, 1e-3)[0]
    else:
        y = norm.layer_norm(x, case.axes, one, zero, 1e-3)
    training = {"training": True} if layer == "BatchNormalization" else {}
    close(getattr(layers, layer)(**arguments)(torch.tensor(x), **training), y, 1e-3)
    theirs = getattr(keras.layers, layer)(**arguments)(torch.tensor(x), **training)
    assert np.abs(theirs.detach().numpy() - y).max() > 5e-3 * np.abs(y).max()


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.layer == "LocalResponseNormalization"], ids=str
)
def test_torchs_local_response_norm_agrees_once_alpha_is_rescaled(case, close):
    wanted, given = judged(case), case.arguments
    size = 2 * given["depth_radius"] + 1
    x = torch.tensor(wanted.x, dtype=torch.float64, requires_grad=True)
    x_nchw = x.reshape(len(x), -1, x.shape[-1]).movedim(-1, 1)
    y = F.local_response_norm(x_nchw, size, given["alpha"] * size, given["beta"], given["bias"])
    y = y.movedim(1, -1).reshape(x.shape)
    y.backward(torch.tensor(wanted.flow))
    close(y, wanted.y, 1e-10)
    close(x.grad, wanted.by[0], 1e-10)


def test_the_configurations_are_many_and_odd():
    assert len(CASES) == sum(COUNTS.values()) >= 80
    for layer in COUNTS:
        mine = [case for case in CASES if case.layer == layer]
        assert any(case.shape[-1] == 1 for case in mine)
        assert any(math.prod(case.shape[1:-1]) == 1 for case in mine)
        assert any(case.shape[0] == 1 for case in mine)
        assert any(size % 2 and size > 1 for case in mine for size in case.shape[1:-1])
    modes = {case.mode for case in CASES}
    assert modes >= {"training", "inference", "frozen", "given", "adapted"}
    assert {case.arguments.get("axis") for case in CASES} >= {None, -1, 1, (1, -1), (-2, -1)}
    assert {case.arguments.get("groups") for case in CASES} >= {-1, 1, 2, 3}
    for name in ("center", "scale"):
        assert any(case.arguments.get(name) is False for case in CASES)
