import math

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from striate.data.augment import RandomResizedCrop
from striate.data.augment.resample import EDGE, resample
from striate.errors import ArgumentError


def draws(n, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).random((n, 23)))


def slow_window(u, size, scale, ratio):
    """Inception's rule as a loop: the twin."""
    h, w = size
    for i in range(10):
        area = (scale[0] + u[3 + i] * (scale[1] - scale[0])) * h * w
        log = math.log(ratio[0]) + u[13 + i] * (math.log(ratio[1]) - math.log(ratio[0]))
        width, height = (round(math.sqrt(area * math.exp(s * log))) for s in (1, -1))
        if 1 <= width <= w and 1 <= height <= h:
            left, top = int(u[1] * (w - width + 1)), int(u[2] * (h - height + 1))
            return left, top, width, height
    width, height = w, h
    if w / h < ratio[0]:
        height = max(1, round(w / ratio[0]))
    elif w / h > ratio[1]:
        width = max(1, round(h * ratio[1]))
    return (w - width) // 2, (h - height) // 2, width, height


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.sampled_from([(0.08, 1.0), (0.5, 0.5), (0.9, 1.0), (0.001, 0.01)]),
    st.sampled_from([(3 / 4, 4 / 3), (1.0, 1.0), (3.0, 4.0), (0.1, 0.2)]),
    st.integers(0, 999),
)
@example((40, 40), (0.001, 0.01), (0.1, 0.2), 0)
@example((40, 40), (0.001, 0.01), (5.0, 10.0), 0)
def test_windows_are_the_twins_and_inside(size, scale, ratio, seed):
    u = draws(5, seed)
    got = torch.stack(RandomResizedCrop(scale, ratio).windows(u, size), dim=1)
    expected = [slow_window(row, size, scale, ratio) for row in u.tolist()]
    assert got.tolist() == [list(map(float, row)) for row in expected]
    left, top, width, height = got.unbind(1)
    assert bool(((left >= 0) & (left + width <= size[1]) & (width >= 1)).all())
    assert bool(((top >= 0) & (top + height <= size[0]) & (height >= 1)).all())


def test_areas_and_proportions_are_evenly_spread():
    _, _, width, height = RandomResizedCrop((0.2, 0.6)).windows(draws(4000), (200, 200))
    area, ratio = width * height / 40000, width / height
    np.testing.assert_allclose(np.quantile(area, [0.1, 0.5, 0.9]), [0.24, 0.4, 0.56], atol=0.015)
    np.testing.assert_allclose(
        np.quantile(ratio, [0.1, 0.5, 0.9]),
        np.exp(np.array([-0.8, 0.0, 0.8]) * math.log(4 / 3)),
        atol=0.02,
    )


def test_the_window_fills_the_picture_as_pillow_enlarges_it():
    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.integers(0, 256, (3, 24, 31, 3), np.uint8))
    crop = RandomResizedCrop((0.1, 0.6))
    u = draws(3)
    y = resample(x, crop.matrices(u, (24, 31)), None, outside=EDGE)
    for i, (left, top, width, height) in enumerate(zip(*crop.windows(u, (24, 31)), strict=True)):
        box = (int(left), int(top), int(left + width), int(top + height))
        whole = Image.fromarray(x[i].numpy()).crop(box)
        expected = np.asarray(whole.resize((31, 24), Image.Resampling.BILINEAR)).astype(int)
        inner = np.s_[6:-6, 6:-6]  # at its sides Pillow does not look beyond the window
        assert abs(y[i].numpy().astype(int) - expected)[inner].max() <= 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scale": 0.5}, "`scale` must be a list of numbers"),
        ({"scale": (0.0, 1.0)}, "`scale` must be a pair 0 < least <= greatest"),
        ({"scale": (0.5, 1.5)}, "`scale` must be a number from 0 to 1"),
        ({"ratio": (2.0, 1.0)}, "`ratio` must be a pair 0 < least <= greatest"),
        ({"ratio": (1.0, 1.0, 1.0)}, "`ratio` must be a pair"),
    ],
)
def test_error_words(given, words):
    with pytest.raises(ArgumentError, match=f"RandomResizedCrop: {words}"):
        RandomResizedCrop(**given)
