import math

import numpy as np
import pytest
import torch

from striate.data.augment import ShiftScaleRotate
from striate.errors import ArgumentError
from tests.oracle import affine

SIZE = (5, 8)


def matrix(transform, *, right=0.5, down=0.5, scale=0.5, turn=0.5, slant=0.5):
    drawn = torch.tensor([[0.0, right, down, scale, turn, slant]], dtype=torch.float64)
    return transform.matrices(drawn, SIZE)[0].numpy()


def test_nothing_happens_at_amounts_of_0():
    drawn = torch.rand(4, 6, dtype=torch.float64)
    got = ShiftScaleRotate().matrices(drawn, SIZE)
    assert got.equal(torch.eye(3, dtype=torch.float64).expand(4, 3, 3))


def test_a_turn_is_the_twins_and_against_the_clock():
    got = matrix(ShiftScaleRotate(rotate=40.0), turn=0.75)
    np.testing.assert_allclose(got[:2], affine.rotation(20 / 360, SIZE), atol=1e-12)


def test_things_become_larger_about_the_middle():
    got = matrix(ShiftScaleRotate(scale=0.5), scale=1.0)
    zoomed = affine.zoom(1 / 1.5 - 1, 1 / 1.5 - 1, SIZE)
    np.testing.assert_allclose(got[:2], zoomed, atol=1e-12)


def test_things_go_right_and_down():
    got = matrix(ShiftScaleRotate(shift=0.5), right=0.75, down=0.0)
    np.testing.assert_allclose(got[:2], affine.translation(-0.5, 0.25, SIZE), atol=1e-12)


def test_verticals_are_slanted_about_the_middle():
    got = matrix(ShiftScaleRotate(shear=45.0), slant=1.0)
    slanted = affine.about_the_middle([[1.0, 1.0], [0.0, 1.0]], *SIZE)
    np.testing.assert_allclose(got[:2], slanted, atol=1e-12)


def test_first_slanted_then_turned_and_zoomed_then_moved():
    amounts = {"right": 0.9, "down": 0.2, "scale": 0.8, "turn": 0.1, "slant": 0.7}
    whole = ShiftScaleRotate(shift=0.3, scale=0.2, rotate=50.0, shear=20.0)
    parts = [
        matrix(ShiftScaleRotate(**{name: getattr(whole, name)}), **amounts)
        for name in ("shear", "rotate", "scale", "shift")
    ]
    expected = parts[0] @ parts[1] @ parts[2] @ parts[3]
    np.testing.assert_allclose(matrix(whole, **amounts), expected, atol=1e-12)


def test_amounts_fill_their_ranges():
    drawn = torch.from_numpy(np.random.default_rng(0).random((2000, 6)))
    got = ShiftScaleRotate(rotate=30.0).matrices(drawn, SIZE)
    angles = torch.atan2(got[:, 1, 0], got[:, 0, 0]) * (180 / math.pi)
    assert angles.min() < -29.8
    assert angles.max() > 29.8
    assert abs(float(angles.mean())) < 1.5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"shift": 2}, "`shift` must be a number from 0 to 1"),
        ({"scale": 1.0}, "`scale` must be a fraction"),
        ({"rotate": -1}, "`rotate` must be a number from 0 to 180"),
        ({"shear": 90}, "`shear` must be a number from 0 to 60"),
    ],
)
def test_error_words(given, words):
    with pytest.raises(ArgumentError, match=f"ShiftScaleRotate: {words}"):
        ShiftScaleRotate(**given)
