import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.augment import Erasing
from striate.errors import ArgumentError


def draws(n, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).random((n, 24)))


def slow_rectangle(u, size, area, ratio):
    h, w = size
    for i in range(10):
        part = (area[0] + u[4 + i] * (area[1] - area[0])) * h * w
        log = math.log(ratio[0]) + u[14 + i] * (math.log(ratio[1]) - math.log(ratio[0]))
        height, width = (round(math.sqrt(part * math.exp(s * log))) for s in (1, -1))
        if 1 <= height <= h and 1 <= width <= w:
            return int(u[1] * (h - height + 1)), int(u[2] * (w - width + 1)), height, width
    return None


@given(
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.sampled_from([(0.02, 0.4), (0.9, 1.0), (0.001, 0.002)]),
    st.integers(0, 999),
)
def test_the_rectangle_is_the_twins_and_nothing_else_is_lost(size, area, seed):
    transform, u = Erasing(area), draws(4, seed)
    x = torch.zeros((4, *size, 3), dtype=torch.uint8)
    y, lost = transform.change(x, u)
    expected = torch.zeros(lost.shape, dtype=torch.bool)
    for i, row in enumerate(u.tolist()):
        found = slow_rectangle(row, size, area, transform.ratio)
        if found is not None:
            top, left, height, width = found
            expected[i, top : top + height, left : left + width] = True
    assert lost.equal(expected)
    assert not y[~lost].any()


def test_noise_is_even_and_each_pictures_own():
    y, lost = Erasing((1.0, 1.0), (1.0, 1.0)).change(
        torch.zeros(6, 64, 64, 3, dtype=torch.uint8), draws(6)
    )
    assert bool(lost.all())
    for picture in y:
        counts = torch.bincount(picture.flatten().long(), minlength=256).double()
        expected = picture.numel() / 256
        statistic = ((counts - expected) ** 2 / expected).sum()
        assert 180 < float(statistic) < 345  # chi-squared, 255 degrees, 0.1 %
    flat = y.reshape(6, -1).double() - 127.5
    assert float((torch.corrcoef(flat) - torch.eye(6)).abs().max()) < 0.06
    neighbours = np.corrcoef(y[0].flatten()[:-1], y[0].flatten()[1:])[0, 1]
    assert abs(neighbours) < 0.03


def test_noise_is_a_function_of_the_draws():
    x, u = torch.zeros(3, 16, 20, 3, dtype=torch.uint8), draws(3)
    whole, _ = Erasing().change(x, u)
    assert whole[2:].equal(Erasing().change(x[2:], u[2:])[0])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"area": 0.5}, "`area` must be a list of numbers"),
        ({"area": (0.3, 0.2)}, "`area` must be a pair 0 < least <= greatest"),
        ({"area": (0.1, 2.0)}, "`area` must be a number from 0 to 1"),
        ({"ratio": (0.0, 1.0)}, "`ratio` must be a pair 0 < least <= greatest"),
    ],
)
def test_error_words(given, words):
    with pytest.raises(ArgumentError, match=f"Erasing: {words}"):
        Erasing(**given)
