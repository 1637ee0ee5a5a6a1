"""Errors of numbers against NumPy."""

import numpy as np
import pytest

from striate.errors import ShapeError
from striate.metrics import MeanAbsoluteError, MeanSquaredError


def test_against_numpy(rng):
    a, b = rng.random((2, 10, 3))
    squared, absolute = MeanSquaredError(), MeanAbsoluteError()
    for part in (slice(4), slice(4, 10)):
        squared.update(a[part], b[part])
        absolute.update(a[part], b[part])
    assert squared.result().item() == pytest.approx(((a - b) ** 2).mean())
    assert absolute.result().item() == pytest.approx(np.abs(a - b).mean())


@pytest.mark.parametrize("kind", [MeanSquaredError, MeanAbsoluteError])
def test_nothing_is_broadcast(kind):
    column, row = kind(), kind()
    column.update([1.0, 2.0], [[1.0], [4.0]])
    row.update([[1.0], [2.0]], [[1.0], [4.0]])
    assert column.result().item() == row.result().item()
    with pytest.raises(ShapeError, match=f"{kind.__name__}: `targets` must have the shape"):
        kind().update([1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]])
