"""Clipped gradients against NumPy."""

import hypothesis.strategies as st
import numpy as np
import torch
from hypothesis import given

from striate.optimizers.clipping import clip_by_each_norm, clip_by_global_norm, clip_by_value

numbers = st.floats(-100.0, 100.0, width=32)
tensors = st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=4)


@given(tensors, st.floats(0.01, 50.0))
def test_each_norm(rows, limit):
    gradients = [torch.tensor(row, dtype=torch.float64) for row in rows]
    for row, clipped in zip(rows, clip_by_each_norm(gradients, limit), strict=True):
        norm = np.linalg.norm(row)
        expected = np.array(row) * (limit / norm if norm > limit else 1.0)
        np.testing.assert_allclose(clipped, expected, rtol=1e-12)


@given(tensors, st.floats(0.01, 50.0))
def test_global_norm(rows, limit):
    gradients = [torch.tensor(row, dtype=torch.float64) for row in rows]
    norm = np.linalg.norm(np.concatenate(rows))
    factor = limit / norm if norm > limit else 1.0
    for row, clipped in zip(rows, clip_by_global_norm(gradients, limit), strict=True):
        np.testing.assert_allclose(clipped, np.array(row) * factor, rtol=1e-12)


@given(tensors, st.floats(0.01, 50.0))
def test_value(rows, limit):
    gradients = [torch.tensor(row, dtype=torch.float64) for row in rows]
    for row, clipped in zip(rows, clip_by_value(gradients, limit), strict=True):
        np.testing.assert_array_equal(clipped, np.clip(row, -limit, limit))


def test_small_gradients_are_untouched():
    gradients = [torch.rand(5) / 10 for _ in range(3)]
    for clip in (clip_by_each_norm, clip_by_global_norm, clip_by_value):
        for before, after in zip(gradients, clip(gradients, 7.3), strict=True):
            assert torch.equal(before, after)


def test_a_global_norm_that_is_not_finite_shows_everywhere():
    clipped = clip_by_global_norm([torch.tensor([1.0]), torch.tensor([float("inf")])], 1.0)
    assert all(torch.isnan(c).all() for c in clipped)


def test_the_given_gradients_are_not_changed():
    gradient = torch.tensor([3.0, 4.0])
    for clip in (clip_by_each_norm, clip_by_global_norm, clip_by_value):
        clip([gradient], 1.0)
    assert gradient.tolist() == [3.0, 4.0]
