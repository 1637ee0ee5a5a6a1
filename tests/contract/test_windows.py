"""What a layer says that it sees is what it sees: the pixels from which a gradient comes."""

import math

import pytest
import torch
from tests.catalog import LAYERS

from striate import activations, structure
from striate.windows import ReceptiveField

MAPS = [row for row in LAYERS if all(len(shape) == 4 for shape in row.shapes)]


def seen(layer, x, place):
    """(rows, columns) of the input pixels on which the output at a place hangs."""
    leaves = [leaf.clone().requires_grad_() for leaf in structure.leaves(x)]
    y = layer(structure.pack_like(x, iter(leaves)), training=False)
    weights = torch.rand(y.shape[-1], dtype=y.dtype) + 0.5
    (y[0, place[0], place[1]] * weights).sum().backward()
    found = sum(leaf.grad[0].abs().amax(-1) for leaf in leaves if leaf.grad is not None)
    return [torch.nonzero(found.amax(axis)).flatten().tolist() for axis in (1, 0)]


def expected(window, position, size):
    start = position * window.stride - window.before
    first, last = math.ceil(start), math.floor(start + window.extent - 1)
    return [at for at in range(first, last + 1) if 0 <= at < size]


def is_sparse(row, layer):
    """Whether no gradient may come from a pixel that is seen: it is 0 there, or in a gap."""
    has_relu = getattr(layer, "activation", None) not in (None, activations.linear)
    has_zeros = row.case == "bicubic"  # whose weights are 0 where a place falls on a pixel
    return (
        has_relu or has_zeros or row.name in ("MaxPooling2D", "ReLU", "Conv2DTranspose", "Maximum")
    )


@pytest.mark.parametrize("row", MAPS, ids=str)
def test_windows_are_what_is_seen(row):
    layer = row.built(torch.float64)
    x = row.inputs(torch.float64)
    y = layer(x, training=False)
    windows = layer.windows(row.input_shape)
    sizes = row.shapes[0][1:3]
    if windows is None or y.dim() != 4:
        assert windows is None
        return
    for place in {(0, 0), (y.shape[1] - 1, y.shape[2] - 1), (y.shape[1] // 2, y.shape[2] // 2)}:
        for axis in (0, 1):
            mine = expected(windows[axis], place[axis], sizes[axis])
            theirs = seen(layer, x, place)[axis]
            if mine and theirs:
                assert set(theirs) <= set(mine), (place, axis)
            if windows[axis].dilation == 1 and theirs and not is_sparse(row, layer):
                assert (theirs[0], theirs[-1]) == (mine[0], mine[-1]), (place, axis, windows[axis])


@pytest.mark.parametrize("row", MAPS, ids=str)
def test_ignored_pixels_are_seen_by_no_position(row):
    layer = row.built(torch.float64)
    windows = layer.windows(row.input_shape)
    x = row.inputs(torch.float64)
    if windows is None or isinstance(x, list):
        return
    x = x.clone().requires_grad_()
    layer(x, training=False).square().sum().backward()
    found = x.grad.abs().amax((0, 3))
    for axis, window in enumerate(windows):
        count = window.ignored(x.shape[1 + axis])
        assert not found.amax(1 - axis).flip(0)[:count].any()
        after = found.amax(1 - axis).flip(0)[count:]
        if not is_sparse(row, layer) and window.before >= 0:
            assert after[0] > 0


def test_what_is_not_known_is_the_whole():
    assert ReceptiveField().through(None).is_whole
