import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.ops.geometry import rotation, scale_and_shift
from striate.ops.sampling import FILL_MODES, INTERPOLATIONS
from tests.oracle import affine as oracle

SAMPLING = {"interpolation": "bilinear", "fill_mode": "reflect", "fill_value": 0.0}


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("fill_mode", FILL_MODES)
@given(
    h=st.integers(1, 6),
    w=st.integers(1, 6),
    c=st.integers(1, 3),
    matrices=st.lists(st.floats(-3, 3), min_size=12, max_size=12),
)
def test_any_matrix_is_the_twins(interpolation, fill_mode, h, w, c, matrices):
    x, m = numbers((2, h, w, c)), torch.tensor(matrices).double().reshape(2, 2, 3)
    if interpolation == "nearest":
        m = (m * 64).round() / 64 + 1 / 1024  # no place lies between two pixels
    given = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": 0.3}
    got = ops.affine_transform(x, m, **given)
    np.testing.assert_allclose(got, oracle.affine(x.numpy(), m.numpy(), **given), atol=1e-10)


def test_gradients_reach_pictures_and_matrices():
    x = numbers((2, 4, 3, 2)).requires_grad_()
    m = (torch.eye(2, 3).double() + numbers((2, 2, 3), 1) * 0.3).requires_grad_()
    for fill_mode in FILL_MODES:
        assert torch.autograd.gradcheck(
            lambda x, m, fill=fill_mode: ops.affine_transform(x, m, fill_mode=fill), (x, m)
        )


def test_it_is_torchs_grid_sample(close):
    x = numbers((2, 5, 8, 3))
    theta = numbers((2, 2, 3), 1)
    grid = torch.nn.functional.affine_grid(theta, (2, 3, 5, 8), align_corners=False)
    half = torch.tensor([4.0, 2.5]).double()  # of width and height: theta's unit
    linear = theta[:, :, :2] * half[:, None] / half
    start = (half - 0.5) + theta[:, :, 2] * half - (linear @ (half - 0.5))
    m = torch.cat([linear, start[:, :, None]], dim=2)
    for fill_mode, padding in (("constant", "zeros"), ("nearest", "border")):
        expected = torch.nn.functional.grid_sample(
            x.permute(0, 3, 1, 2), grid, padding_mode=padding, align_corners=False
        )
        close(ops.affine_transform(x, m, fill_mode=fill_mode), expected.permute(0, 2, 3, 1), 1e-10)


def test_a_quarter_turn_moves_pixels_against_the_clock(close):
    x = numbers((1, 4, 4, 2))
    y = ops.affine_transform(x, rotation(torch.tensor([torch.pi / 2]).double(), (4, 4)))
    close(y, x.rot90(1, dims=(1, 2)), 1e-6)


@pytest.mark.parametrize("size", [(1, 1), (4, 7), (5, 5)])
def test_rotation_is_the_twins(size):
    got = rotation(torch.tensor([0.1, -2.0]).double(), size)
    for matrix, angle in zip(got, (0.1, -2.0), strict=True):
        expected = oracle.rotation(angle / (2 * np.pi), size)
        np.testing.assert_allclose(matrix, expected, atol=1e-12)


def test_scale_and_shift_is_the_affine_map_of_both(close):
    x = numbers((2, 5, 4, 3))
    scales = (torch.tensor([0.5, 1.5]).double(), torch.tensor([2.0, 0.7]).double())
    shifts = (torch.tensor([1.25, -2.0]).double(), torch.tensor([0.5, 3.0]).double())
    m = torch.zeros(2, 2, 3, dtype=torch.float64)
    for i in range(2):
        m[i] = torch.from_numpy(oracle.zoom(scales[0][i] - 1, scales[1][i] - 1, (5, 4)))
        m[i, :, 2] -= torch.stack([shifts[1][i], shifts[0][i]])
    for fill_mode in FILL_MODES:
        given = {**SAMPLING, "fill_mode": fill_mode, "fill_value": 0.2}
        got = scale_and_shift(x, scales=scales, shifts=shifts, **given)
        close(got, ops.affine_transform(x, m, **given), 1e-10)


def test_matrices_are_left_as_they_are():
    m = torch.tensor([[[2.0, 1, 3], [0, 1, 5]]])
    before = m.clone()
    ops.affine_transform(torch.rand(1, 3, 3, 1), m)
    assert m.equal(before)


def test_flip_is_numpys_flip():
    x = numbers((3, 2, 5, 2))
    assert ops.flip(x, horizontal=True).equal(x.flip(2))
    assert ops.flip(x, vertical=True).equal(x.flip(1))
    assert ops.flip(x).equal(x)
    which = torch.tensor([True, False, True])
    y = ops.flip(x, horizontal=which, vertical=~which)
    assert y[0].equal(x[0].flip(1))
    assert y[1].equal(x[1].flip(0))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"interpolation": "bicubic"}, "`interpolation` must be one of"),
        ({"fill_mode": "mirror"}, "`fill_mode` must be one of"),
    ],
)
def test_error_words_of_affine_transform(given, words):
    with pytest.raises(ArgumentError, match=f"affine_transform: {words}"):
        ops.affine_transform(torch.zeros(1, 2, 2, 1), torch.zeros(1, 2, 3), **given)


def test_error_words_of_shapes():
    with pytest.raises(ShapeError, match="affine_transform: input must have 4 dimensions"):
        ops.affine_transform(torch.zeros(2, 2, 1), torch.zeros(1, 2, 3))
    words = r"`matrices` must be \(n, 2, 3\), one for each picture. Got images \(2, 3, 3, 1\), "
    with pytest.raises(ShapeError, match=words):
        ops.affine_transform(torch.zeros(2, 3, 3, 1), torch.zeros(1, 2, 3))
    with pytest.raises(ShapeError, match="flip: input must have 4 dimensions"):
        ops.flip(torch.zeros(2, 2, 1))


@pytest.mark.parametrize("which", [torch.tensor([True]), torch.tensor([1, 0])])
def test_error_words_of_flip(which):
    x = torch.zeros(2, 2, 2, 1)
    with pytest.raises(ArgumentError, match="flip: `vertical` must be one boolean for each"):
        ops.flip(x, vertical=which)
    with pytest.raises(ArgumentError, match="flip: `horizontal` must be True or False"):
        ops.flip(x, horizontal=1)
