"""Layers that reshape, pad, crop, enlarge and join, in random configurations: the twins judge.

Every configuration is run in float64 and in float32, forward and backward; Keras agrees but for
the listed cells. It has no PixelShuffle.
"""

import functools
import math
import random
from dataclasses import dataclass, field

import keras
import numpy as np
import pytest
import torch
from tests.oracle import border, merging, reshaping, upsampling
from tests.oracle.gradient import gradients

from striate import layers

TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}
JOINING = ("Add", "Multiply", "Average", "Maximum", "Subtract")
COUNTS = {
    "Reshape": 12,
    "Permute": 8,
    "ZeroPadding2D": 10,
    "Cropping2D": 10,
    "UpSampling2D": 18,
    "PixelShuffle": 8,
    **dict.fromkeys(JOINING, 9),
    "Concatenate": 10,
}


@dataclass(frozen=True)
class Case:
    """A layer, the shapes of its inputs and its arguments."""

    layer: str
    shapes: tuple
    arguments: dict = field(hash=False)

    def __str__(self):
        shapes = ["x".join(map(str, shape)) for shape in self.shapes]
        said = [f"{name[0]}{value}" for name, value in self.arguments.items()]
        text = "-".join([self.layer, *shapes, *said])
        return text.replace(" ", "").replace("(", "").replace(")", "").replace(",", "x")


def _picture(draw, low=1, high=5):
    sizes = (draw.randint(low, high), draw.randint(low, high))
    return (draw.choice([1, 2]), *sizes, draw.choice([1, 1, 2, 3]))


def _reshape(draw):
    """A shape of the same count, sometimes with one size left open."""
    shape = _picture(draw)
    left, target = math.prod(shape[1:]), []
    for _ in range(draw.randint(0, 2)):
        target.append(draw.choice([size for size in range(1, left + 1) if left % size == 0]))
        left //= target[-1]
    target.append(left)
    draw.shuffle(target)
    if draw.random() < 0.5:
        target[draw.randrange(len(target))] = -1
    return (shape,), {"target_shape": tuple(target)}


def _permute(draw):
    axes = list(range(1, draw.randint(2, 5)))
    draw.shuffle(axes)
    shape = tuple(draw.randint(1, 4) for _ in axes)
    return ((draw.choice([1, 2]), *shape),), {"dims": tuple(axes)}


def _sides(draw, high):
    """A border in one of the three forms."""
    forms = [draw.randint(0, high), (draw.randint(0, high), draw.randint(0, high))]
    forms.append(tuple((draw.randint(0, high), draw.randint(0, high)) for _ in range(2)))
    return draw.choice(forms)


def _crop(draw):
    sides = _sides(draw, 2)
    (top, bottom), (left, right) = pairs(sides)
    n, h, w, c = _picture(draw, 1, 3)
    return ((n, top + h + bottom, left + w + right, c),), {"cropping": sides}


def pairs(sides):
    """((top, bottom), (left, right)) of a border in any form."""
    sides = sides if isinstance(sides, tuple) else (sides, sides)
    return tuple(side if isinstance(side, tuple) else (side, side) for side in sides)


def _shuffle(draw):
    r, (n, h, w, c) = draw.randint(1, 3), _picture(draw, 1, 3)
    return ((n, h, w, c * r * r),), {"factor": r}


def _join(layer, draw):
    """Shapes that spread over each other: sizes of 1, and fewer axes."""
    shape = _picture(draw, 1, 4)
    count = 2 if layer == "Subtract" else draw.randint(1, 4)
    shapes = []
    for _ in range(count):
        sizes = [size if draw.random() < 0.7 else 1 for size in shape[1:]]
        shapes.append((shape[0], *sizes[draw.choice([0, 0, 0, 1, 2]) :]))
    return tuple(shapes), {}


def _beside(draw):
    axis, shape = draw.choice([-1, -1, 1, 2, -3, 3]), list(_picture(draw, 1, 4))
    shapes = []
    for _ in range(draw.randint(1, 3)):
        shape[axis] = draw.randint(1, 3)
        shapes.append(tuple(shape))
    return tuple(shapes), {"axis": axis}


def _case(layer, draw):
    makers = {
        "Reshape": _reshape,
        "Permute": _permute,
        "ZeroPadding2D": lambda draw: ((_picture(draw),), {"padding": _sides(draw, 3)}),
        "Cropping2D": _crop,
        "UpSampling2D": lambda draw: (
            (_picture(draw, 1, 4),),
            {
                "size": draw.choice([2, (draw.randint(1, 4), draw.randint(1, 4))]),
                "interpolation": draw.choice(["nearest", "bilinear", "bicubic"]),
            },
        ),
        "PixelShuffle": _shuffle,
        "Concatenate": _beside,
    }
    maker = makers.get(layer, functools.partial(_join, layer))
    return Case(layer, *maker(draw))


def _cases():
    for layer, count in COUNTS.items():
        draw, found = random.Random(f"{layer} 1"), {}
        while len(found) < count:
            case = _case(layer, draw)
            found[str(case)] = case
        yield from found.values()


CASES = list(_cases())


def twin(case):
    """The twin of a case as a function of its inputs."""
    given = case.arguments
    twins = {
        "Reshape": lambda x: reshaping.reshape(x, given["target_shape"]),
        "Permute": lambda x: reshaping.permute(x, given["dims"]),
        "ZeroPadding2D": lambda x: border.zero_padding(x, pairs(given["padding"])),
        "Cropping2D": lambda x: border.cropping(x, pairs(given["cropping"])),
        "UpSampling2D": lambda x: upsampling.upsample(
            x, tuple(side[0] for side in pairs(given["size"])), given["interpolation"]
        ),
        "PixelShuffle": lambda x: upsampling.pixel_shuffle(x, given["factor"]),
        "Concatenate": lambda *arrays: merging.concatenate(given["axis"], *arrays),
    }
    return twins.get(case.layer, functools.partial(merging.merge, case.layer))


@functools.cache
def judged(case):
    """(inputs, what flows back, y, gradients of the inputs); no two numbers of inputs are equal."""
    rng = np.random.default_rng(CASES.index(case))
    counts = [math.prod(shape) for shape in case.shapes]
    numbers = np.split(rng.permutation(sum(counts)) / 32 - 1.3125, np.cumsum(counts)[:-1])
    arrays = [part.reshape(shape) for part, shape in zip(numbers, case.shapes, strict=True)]
    y = twin(case)(*arrays)
    flow = rng.normal(size=y.shape).astype(np.float32).astype(np.float64)
    return arrays, flow, y, gradients(twin(case), arrays, flow)


def run(layer, arrays, flow, dtype):
    """(y, gradients of the inputs) of one pass forward and back."""
    given = [torch.tensor(x, dtype=dtype, requires_grad=True) for x in arrays]
    joins = type(layer).__name__ in (*JOINING, "Concatenate")
    y = layer(given if joins else given[0])
    y.backward(torch.tensor(flow, dtype=dtype))
    return [y, *(x.grad for x in given)]


def test_there_are_enough_and_all_differ():
    assert len({str(case) for case in CASES}) == len(CASES) >= 100
    spread = [case for case in CASES if len(set(case.shapes)) > 1 and case.layer in JOINING]
    assert len(spread) >= 10
    assert any(len({len(shape) for shape in case.shapes}) > 1 for case in spread)
    assert any(case.shapes[0][1:] == (1, 1, 1) for case in CASES)


@pytest.mark.parametrize("dtype", TOLERANCE, ids=["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_and_gradients_are_the_twins(case, dtype, close):
    arrays, flow, y, by_inputs = judged(case)
    layer = getattr(layers, case.layer)(**case.arguments)
    joins = case.layer in (*JOINING, "Concatenate")
    assert layer.output_shape(list(case.shapes) if joins else case.shapes[0]) == y.shape
    for a, b in zip(run(layer, arrays, flow, dtype), [y, *by_inputs], strict=True):
        close(a, b, TOLERANCE[dtype])


# torch's cubic kernel has a = -0.75; TensorFlow's, JAX's and Pillow's has Keys' a = -0.5.
KERAS_IS_WRONG = {
    "the cubic kernel": lambda case: (
        case.arguments.get("interpolation") == "bicubic" and case.arguments["size"] != (1, 1)
    )
}
KNOWN = [case for case in CASES if hasattr(keras.layers, case.layer)]
WRONG = [case for case in KNOWN if any(holds(case) for holds in KERAS_IS_WRONG.values())]


def both_runs(case):
    """Ours and Keras', in float32: what Keras computes in."""
    arrays, flow, _, _ = judged(case)
    return [
        run(getattr(room, case.layer)(**case.arguments), arrays, flow, torch.float32)
        for room in (layers, keras.layers)
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
    _, _, y, by_inputs = judged(case)
    _, theirs = both_runs(case)
    for truth, got in zip([y, *by_inputs], theirs, strict=True):
        assert np.abs(got.detach().numpy() - truth).max() > 1e-3 * np.abs(truth).max()
