"""What lies beside and between pixels; the functions that sample are judged in their own files."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.ops.sampling import FILL_MODES, INTERPOLATIONS, coordinate_type, sample
from tests.oracle import affine


def line(*values):
    return torch.tensor(values).reshape(1, 1, -1, 1)


def read(x, columns, fill_mode, interpolation="bilinear", fill_value=0.0):
    places = torch.tensor(columns, dtype=torch.float64).reshape(1, 1, -1)
    sampling = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": fill_value}
    return sample(x, torch.zeros(1, 1, 1), places, **sampling).flatten().tolist()


@pytest.mark.parametrize(
    ("fill_mode", "values"),
    [
        ("constant", [9, 9, 9, 1, 2, 3, 9, 9, 9]),
        ("nearest", [1, 1, 1, 1, 2, 3, 3, 3, 3]),
        ("reflect", [3, 2, 1, 1, 2, 3, 3, 2, 1]),
        ("wrap", [1, 2, 3, 1, 2, 3, 1, 2, 3]),
    ],
)
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_what_lies_beside_a_picture(fill_mode, values, interpolation):
    x = line(1.0, 2.0, 3.0)
    assert read(x, range(-3, 6), fill_mode, interpolation, 9.0) == values


def test_between_pixels_bilinear_weighs_and_nearest_rounds_to_even():
    x = line(0.0, 10.0, 20.0, 30.0)
    assert read(x, [0.25, 1.5, 2.5], "nearest") == [2.5, 15.0, 25.0]
    assert read(x, [0.5, 1.5, 2.5], "nearest", "nearest") == [0.0, 20.0, 20.0]


def test_a_constant_fades_in_over_one_pixel():
    x = line(10.0, 10.0)
    assert read(x, [-1, -0.75, -0.5, 0], "constant", fill_value=2.0) == [2.0, 4.0, 6.0, 10.0]


@given(
    st.floats(-60, 60),
    st.integers(1, 7),
    st.sampled_from(FILL_MODES),
    st.sampled_from(INTERPOLATIONS),
)
def test_any_place_is_the_twins(place, size, fill_mode, interpolation):
    x = np.random.default_rng(size).normal(size=size)
    weights = np.zeros(size + 1)
    for tap, weight in affine.taps(place, interpolation):
        pixel = affine.inside(tap, size, fill_mode)
        weights[size if pixel is None else pixel] += weight
    got = read(torch.from_numpy(x).reshape(1, 1, -1, 1), [place], fill_mode, interpolation, 3.0)
    assert got[0] == pytest.approx(weights @ np.append(x, 3.0), abs=1e-9)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_no_place_is_outside_the_memory(fill_mode):
    x = line(1.0, 2.0)
    for place in (float("nan"), float("inf"), -float("inf"), 1e30, -3e9):
        read(x, [place], fill_mode)


def test_results_may_come_from_other_pictures():
    x = torch.arange(3.0).reshape(3, 1, 1, 1)
    places = torch.zeros(4, 1, 1)
    pictures = torch.tensor([2, 0, 0, 1])
    y = sample(x, places, places, interpolation="bilinear", fill_mode="wrap", pictures=pictures)
    assert y.flatten().tolist() == [2.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_gradients_to_pictures_and_places(fill_mode, interpolation):
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(2, 3, 4, 2, dtype=torch.float64, generator=generator).requires_grad_()
    rows, columns = (
        (torch.rand(2, 5, 3, dtype=torch.float64, generator=generator) * 8 - 2).requires_grad_()
        for _ in range(2)
    )
    sampling = {"interpolation": interpolation, "fill_mode": fill_mode, "fill_value": 0.7}

    def run(x, rows, columns):
        return sample(x, rows, columns, **sampling)

    if interpolation == "bilinear":
        assert torch.autograd.gradcheck(run, (x, rows, columns))
    else:
        assert torch.autograd.gradcheck(lambda x: run(x, rows.detach(), columns.detach()), (x,))


def test_half_formats_keep_their_type_and_place(close):
    x = torch.rand(1, 4, 300, 1)
    columns = torch.arange(300.0).reshape(1, 1, -1) + 0.5
    sampling = {"interpolation": "bilinear", "fill_mode": "reflect"}
    rows = torch.arange(4.0).reshape(1, -1, 1)
    y = sample(x.bfloat16(), rows, columns, **sampling)
    assert y.dtype == torch.bfloat16
    assert coordinate_type(y) == torch.float32
    close(y.float(), sample(x, rows, columns, **sampling), 1e-2)
