"""AdaptiveAveragePooling2D: means of windows that share a map, whatever its size."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.layers import AdaptiveAveragePooling2D

SIDES = st.integers(1, 9)


def windows(size, parts):
    """(start, end) of each part, in whole numbers alone."""
    return [(i * size // parts, -((-(i + 1) * size) // parts)) for i in range(parts)]


@given(SIDES, SIDES, SIDES, SIDES)
def test_means_of_the_windows(h, w, oh, ow):
    x = np.random.RandomState(h * 9 + w).standard_normal((2, h, w, 3))
    wanted = [
        [x[:, a:b, c:d].mean(axis=(1, 2)) for c, d in windows(w, ow)] for a, b in windows(h, oh)
    ]
    y = AdaptiveAveragePooling2D((oh, ow))(torch.from_numpy(x))
    assert y.shape == (2, oh, ow, 3)
    np.testing.assert_allclose(y, np.moveaxis(np.array(wanted), 2, 0), atol=1e-12)


def test_each_pixel_gets_its_share_of_the_gradient():
    x = torch.ones(1, 3, 3, 1, requires_grad=True)
    AdaptiveAveragePooling2D(2)(x).sum().backward()
    np.testing.assert_allclose(x.grad[0, :, :, 0], np.outer([0.5, 1, 0.5], [0.5, 1, 0.5]))


def test_a_map_of_the_wanted_size_is_left_as_it_is():
    x = torch.randn(2, 7, 7, 4)
    assert AdaptiveAveragePooling2D(7)(x).equal(x)


def test_words():
    with pytest.raises(ArgumentError, match="`output_size` must"):
        AdaptiveAveragePooling2D(0)
    with pytest.raises(ShapeError, match=r"4 dimensions \(n, h, w, c\)"):
        AdaptiveAveragePooling2D(2)(torch.ones(3, 4))
