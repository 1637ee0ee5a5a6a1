"""Géron's convolution demo: shapes, kernels, and both padding formulas against a real run."""

from __future__ import annotations

import re
from collections.abc import Iterator

import torch

from ... import layers, ops
from ...shapes import same_padding
from ..row import Row
from ..session import Session

__all__ = ["convolution"]

_SIZES, _KERNELS, _STRIDES = range(1, 65), range(1, 10), range(1, 5)


def convolution(session: Session) -> Iterator[Row]:
    """What the listing prints, then the formulas of the prose over many sizes."""
    name = "003_1_convolution"
    done = session.run(name)
    shapes = [tuple(map(int, re.findall(r"\d+", line))) for line in done.printed.splitlines()]
    names = ("images", "feature maps, valid", "feature maps, same", "kernels", "biases")
    for what, shape in zip(names, shapes, strict=True):
        yield session.row(name, what, shape)
    yield session.row(name, "biases begin at zero", not done.names["biases"].any())
    layer = layers.Conv2D(filters=32, kernel_size=7, padding="same", strides=2)
    half = layer(done.names["images"])
    yield session.row(name, "feature maps, same, strides 2", tuple(half.shape[1:3]))
    padding = tuple(sum(same_padding(i, kernel=7, stride=2)) for i in (70, 120))
    yield session.row(name, "rows and columns of padding at strides 2", padding)
    yield from _formulas(session)


def _formulas(session: Session) -> Iterator[Row]:
    valid, same, padded = 0, 0, 0
    for i in _SIZES:
        for f in _KERNELS:
            for s in _STRIDES:
                if i >= f:
                    valid += len(_windows(i, f, s, "valid")) == (i - f + s) // s
                windows = _windows(i, f, s, "same")
                o = -(-i // s)
                same += len(windows) == o
                columns = max((o - 1) * s + f - i, 0)
                padded += _padding(windows) == (columns // 2, columns - columns // 2)
    what = "sizes that keep (i - f + s) / s, rounded down, of valid"
    yield session.row("003", what, valid)
    yield session.row("003", "sizes that keep i / s, rounded up, of same", same)
    what = "sizes padded by (o - 1) s + f - i, one more to the right"
    yield session.row("003", what, padded)


def _windows(size: int, kernel: int, stride: int, padding: str) -> list[list[float]]:
    """What each window of a row of ones sees: 1 is a pixel, 0 is padding."""
    row = torch.ones(1, 1, size, 1)
    taps = torch.eye(kernel).reshape(1, kernel, 1, kernel)
    seen = ops.conv2d(row, taps, strides=(1, stride), padding=padding)
    found: list[list[float]] = seen[0, 0].tolist()
    return found


def _padding(windows: list[list[float]]) -> tuple[int, int]:
    """Columns of padding before the first window's first pixel and after the last one's last."""
    return windows[0].index(1.0), windows[-1][::-1].index(1.0)
