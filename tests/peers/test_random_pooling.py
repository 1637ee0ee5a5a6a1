"""Pooling of random configurations: the twins judge, and Keras agrees but for the listed cells.

Every configuration is run in float64 and in float32, forward and backward. Keras knows "valid" and
"same" only, and no pooling of channels.
"""

import functools
import random
from collections import Counter
from dataclasses import dataclass, field

import keras
import numpy as np
import pytest
import torch
from tests.oracle import pool as oracle
from tests.oracle.gradient import gradients
from tests.oracle.padding import pixels

from striate import layers
from striate.errors import ShapeError

TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
COUNTS = {
    "MaxPooling2D": 60,
    "AveragePooling2D": 60,
    "GlobalMaxPooling2D": 12,
    "GlobalAveragePooling2D": 12,
    "DepthPooling2D": 16,
}
WINDOWS = ("MaxPooling2D", "AveragePooling2D")


@dataclass(frozen=True)
class Case:
    """A layer, the shape of its input and its arguments."""

    layer: str
    shape: tuple
    arguments: dict = field(hash=False)

    def __str__(self):
        said = [f"{name[0]}{value}" for name, value in self.arguments.items()]
        text = "-".join([self.layer, "x".join(map(str, self.shape)), *said])
        return text.replace(" ", "").replace("(", "").replace(")", "").replace(",", "x")


def _case(layer, draw):
    """One random configuration; None where no window fits."""
    pair = lambda low, high: (draw.randint(low, high), draw.randint(low, high))  # noqa: E731
    channels, arguments = draw.choice([1, 1, 2, 3]), {}
    size = draw.choice([(1, 1), pair(1, 3), pair(3, 7), pair(5, 7)])
    if layer in WINDOWS:
        arguments["pool_size"] = window = draw.choice([(1, 1), (2, 2), pair(1, 4), pair(1, 4)])
        if draw.random() < 0.7:
            arguments["strides"] = pair(1, 5)
        less = [k - 1 for k in window]
        uneven = tuple((draw.randint(0, k), draw.randint(0, k)) for k in less)
        even = tuple(draw.randint(0, k) for k in less)
        forms = ["valid", "valid", "same", "same", min(less), even, uneven]
        arguments["padding"] = draw.choice(forms)
    elif layer == "DepthPooling2D":
        arguments["pool_size"] = draw.randint(1, 4)
        channels = arguments["pool_size"] * draw.randint(1, 3)
    else:
        arguments["keepdims"] = draw.random() < 0.5
    case = Case(layer, (draw.choice([1, 2]), *size, channels), arguments)
    try:
        getattr(layers, layer)(**arguments).output_shape(case.shape)
    except ShapeError:
        return None
    return case if np.prod(case.shape) <= 110 else None


def _cases():
    for layer, count in COUNTS.items():
        draw, found = random.Random(f"{layer} 1"), {}
        while len(found) < count:
            case = _case(layer, draw)
            if case is not None:
                found[str(case)] = case
        yield from found.values()


CASES = list(_cases())


def twin(case):
    """The twin of a case as a function of the input."""
    reduce = np.max if "Max" in case.layer else np.mean
    if case.layer == "DepthPooling2D":
        return lambda x: oracle.depth_pool(x, case.arguments["pool_size"])
    if case.layer.startswith("Global"):
        return lambda x: oracle.global_pool(x, reduce=reduce, **case.arguments)
    rest = dict(case.arguments)
    size = rest.pop("pool_size")
    return lambda x: oracle.pool(x, size, **rest, reduce=reduce)


@functools.cache
def judged(case):
    """(x, what flows back, y, gradient of x); no two numbers of x are equal or nearly so."""
    rng = np.random.default_rng(CASES.index(case))
    x = rng.permutation(np.prod(case.shape)).reshape(case.shape) / 16 - 9.0
    y = twin(case)(x)
    flow = rng.normal(size=y.shape).astype(np.float32).astype(np.float64)
    return x, flow, y, gradients(twin(case), [x], flow)[0]


def run(layer, x, flow, dtype):
    """(y, gradient of x) of one pass forward and back."""
    given = torch.tensor(x, dtype=dtype, requires_grad=True)
    y = layer(given)
    y.backward(torch.tensor(flow, dtype=dtype))
    return y, given.grad


def test_there_are_enough_and_every_kind_is_among_them():
    assert len({str(case) for case in CASES}) == len(CASES) >= 80
    window = [case for case in CASES if case.layer in WINDOWS]
    forms = {str(type(case.arguments["padding"])) for case in window}
    assert len(forms) == 3  # a word, a number, a tuple
    assert {"valid", "same"} <= {str(case.arguments["padding"]) for case in window}
    assert any(max(case.shape[1:3]) == 1 for case in window)
    assert any(case.shape[3] == 1 for case in window)
    strides = [(case.arguments.get("strides", (0, 0)), case.arguments) for case in window]
    assert any(min(s) > max(a["pool_size"]) for s, a in strides)


@pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_and_gradients_are_the_twins(case, dtype, close):
    x, flow, y, by_x = judged(case)
    layer = getattr(layers, case.layer)(**case.arguments)
    assert layer.output_shape(case.shape) == y.shape
    got = run(layer, x, flow, dtype)
    close(got[0], y, TOLERANCE[dtype])
    close(got[1], by_x, TOLERANCE[dtype])


def edge_counts_twice(case):
    """Whether an average of "same", padded unevenly, holds a pixel of the edge more often."""
    if case.layer != "AveragePooling2D" or case.arguments["padding"] != "same":
        return False
    window, sizes = case.arguments["pool_size"], case.shape[1:3]
    strides = case.arguments.get("strides", window)
    sides = pixels("same", sizes, window, strides)
    if all(before == after for before, after in sides):
        return False
    return any(
        len(set(Counter(np.clip(range(i, i + k), 0, size - 1)).values())) > 1
        for size, (before, after), k, s in zip(sizes, sides, window, strides, strict=True)
        for i in range(-before, size + after - k + 1, s)
    )


# Keras on torch pads an uneven "same" with the pixels of the edge, and averages them too.
KERAS_IS_WRONG = {"the average counts pixels of the edge twice": edge_counts_twice}

KNOWN = [
    case
    for case in CASES
    if case.layer != "DepthPooling2D"
    and case.arguments.get("padding", "valid") in ("valid", "same")
]
WRONG = [case for case in KNOWN if any(holds(case) for holds in KERAS_IS_WRONG.values())]


def both_runs(case):
    """Ours and Keras', in float32: what Keras computes in."""
    x, flow, _, _ = judged(case)
    rooms = (layers, keras.layers)
    return [
        run(getattr(room, case.layer)(**case.arguments), x, flow, torch.float32) for room in rooms
    ]


@pytest.mark.peers
@pytest.mark.parametrize("case", [case for case in KNOWN if case not in WRONG], ids=str)
def test_values_and_gradients_are_keras(case, close):
    ours, theirs = both_runs(case)
    for a, b in zip(ours, theirs, strict=True):
        close(a, b, TOLERANCE[torch.float32])


@pytest.mark.peers
@pytest.mark.parametrize("case", WRONG, ids=str)
def test_known_wrong_cells_are_still_wrong(case):
    """When Keras mends them, they belong above."""
    _, _, y, by_x = judged(case)
    _, theirs = both_runs(case)
    for truth, got in zip((y, by_x), theirs, strict=True):
        assert np.abs(got.detach().numpy() - truth).max() > 1e-3 * np.abs(truth).max()
