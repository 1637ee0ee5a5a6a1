import math

import numpy as np
import pytest
import torch

from striate.data.augment import Lighting
from striate.data.augment.resample import recolor
from striate.errors import ArgumentError

VALUES = np.array([0.2175, 0.0188, 0.0045])
VECTORS = np.array(
    [[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]]
)


def test_it_adds_principal_components():
    u = np.random.default_rng(0).random((4, 7))
    maps = Lighting(0.5).maps(torch.from_numpy(u))
    normal = np.sqrt(-2 * np.log(1 - u[:, 1:4])) * np.cos(2 * math.pi * u[:, 4:]) * 0.5
    added = (VECTORS @ (normal * VALUES)[..., None])[..., 0] * 255
    np.testing.assert_allclose(maps[:, :3, 4], added, atol=1e-10)
    np.testing.assert_allclose(maps[:, 3, 4], added @ [0.299, 0.587, 0.114], atol=1e-10)
    x = torch.full((4, 2, 2, 3), 128, dtype=torch.uint8)
    assert (recolor(x, maps)[:, 0, 0].numpy() - np.rint(128 + added)).max() == 0
    grey = recolor(x[..., :1], maps)[:, 0, 0, 0].numpy()
    assert abs(grey - (128 + added @ [0.299, 0.587, 0.114])).max() <= 0.5


def test_amounts_are_normal():
    u = torch.from_numpy(np.random.default_rng(0).random((20000, 7)))
    shifts = Lighting(0.1).maps(u)[:, :3, 4].numpy()
    expected = (VECTORS * (VALUES * 0.1 * 255) ** 2) @ VECTORS.T
    np.testing.assert_allclose(np.cov(shifts.T), expected, rtol=0.04)
    third = (shifts @ VECTORS[:, 0]) / (0.1 * 255 * VALUES[0])
    assert abs((third**4).mean() - 3.0) < 0.15  # the fourth moment of the normal distribution


def test_error_words():
    with pytest.raises(ArgumentError, match="Lighting: `std` must be a number of at least 0"):
        Lighting(-0.1)
