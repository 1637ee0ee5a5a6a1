import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.augment.matrices import (
    about_middle,
    identities,
    inverse,
    moved,
    product,
    stacked,
)
from tests.oracle import affine


def some(n, size, seed=0):
    numbers = torch.from_numpy(np.random.default_rng(seed).normal(size=(n, size, size)))
    if size == 3:
        numbers[:, 2] = torch.tensor([0.0, 0.0, 1.0])
    return numbers


@pytest.mark.parametrize("size", [3, 5])
def test_products_are_those_of_numpy(size):
    a, b = some(4, size), some(4, size, 1)
    np.testing.assert_allclose(product(a, b), a.numpy() @ b.numpy(), atol=1e-12)


@given(st.integers(1, 9), st.integers(0, 99))
def test_a_picture_has_the_same_product_in_any_batch(cut, seed):
    a, b = some(10, 3, seed), some(10, 3, seed + 1)
    parts = [product(x, y) for x, y in zip(a.split(cut), b.split(cut), strict=True)]
    assert torch.cat(parts).equal(product(a, b))


def test_inverses_are_those_of_numpy():
    a = some(6, 3)
    np.testing.assert_allclose(inverse(a), np.linalg.inv(a.numpy()), rtol=1e-9)


def test_the_middle_stays():
    angle = torch.tensor([0.3, -2.0], dtype=torch.float64)
    got = about_middle(((angle.cos(), -angle.sin()), (angle.sin(), angle.cos())), (4, 7))
    for matrix, each in zip(got, angle.tolist(), strict=True):
        np.testing.assert_allclose(matrix[:2], affine.rotation(each / math.tau, (4, 7)), atol=1e-12)


def test_entries_are_one_for_all_or_one_each():
    x = torch.tensor([1.0, 2.0])
    assert stacked(((x, 5.0),), x).tolist() == [[[1.0, 5.0]], [[2.0, 5.0]]]
    assert moved(x, -x)[1].tolist() == [[1, 0, -2], [0, 1, 2], [0, 0, 1]]
    assert identities(torch.zeros(2, 7), 3).equal(torch.eye(3).expand(2, 3, 3))
