"""Parameters, multiplications and memory of a layer, from its own cost."""

from __future__ import annotations

from collections.abc import Iterator

from ... import layers
from ...shapes import (
    Cost,
    conv_multiply_adds,
    conv_parameters,
    dense_multiply_adds,
    dense_parameters,
    element_count,
)
from ...windows import ReceptiveField
from ..row import Row
from ..session import Session

__all__ = ["costs"]

_CHANNELS = 64  # of the comparison of kernels; any number gives the same answer


def costs(session: Session) -> Iterator[Row]:
    """Géron's example, 200 filters of 5×5 over 150×100 pixels of RGB, and what he compares."""
    connections = dense_multiply_adds((1, 100 * 100), units=1_000)
    yield session.row("003", "connections of 100 × 100 pixels to 1,000", connections)
    one, hundred = _layer(batch=1), _layer(batch=100)
    size = one.output_bytes or 0
    dense = dense_parameters(inputs=150 * 100 * 3, units=element_count(one.output_shape))
    for what, here in (
        ("parameters of 200 5×5 filters on RGB", one.parameters),
        ("multiplications on 150×100 pixels", one.multiply_adds),
        ("bits of the output", size * 8),
        ("bytes of the output", size),
        ("MiB of the output", size / 2**20),
        ("bytes for 100 instances", hundred.output_bytes),
        ("parameters of the same by Dense", dense),
    ):
        yield session.row("003", what, here)
    yield from _kernels(session)


def _layer(batch: int) -> Cost:
    layer = layers.Conv2D(200, 5, strides=1, padding="same")
    shape = (batch, 150, 100, 3)
    layer.build(shape)
    return layer.cost(shape)


def _kernels(session: Session) -> Iterator[Row]:
    """Two layers of 3×3 instead of one of 5×5."""
    one = ReceptiveField().then(kernel=5)
    two = ReceptiveField().then(kernel=3).then(kernel=3)
    yield session.row("003", "two 3×3 kernels see as much as a 5×5", one == two)
    output = (1, 32, 32, _CHANNELS)
    large, small = (
        (
            times * conv_parameters(kernel=(k, k), channels=_CHANNELS, filters=_CHANNELS),
            times * conv_multiply_adds(output, kernel=(k, k), channels=_CHANNELS),
        )
        for k, times in ((5, 1), (3, 2))
    )
    fewer = small[0] < large[0] and small[1] < large[1]
    yield session.row("003", "two 3×3 kernels have fewer parameters and products", fewer)
