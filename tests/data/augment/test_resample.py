import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.augment.color import brighter, contrasting, saturated
from striate.data.augment.matrices import product
from striate.data.augment.resample import (
    EDGE,
    REFLECTED,
    bend_masks,
    blend,
    mirror,
    recolor,
    resample,
)
from striate.errors import ArgumentError
from tests.oracle import affine

FILLS = {REFLECTED: "reflect", EDGE: "nearest", 77: "constant"}


def pictures(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, shape, np.uint8))


def matrices(numbers):
    m = torch.zeros(len(numbers) // 6, 3, 3, dtype=torch.float64)
    m[:, :2] = torch.tensor(numbers, dtype=torch.float64).reshape(-1, 2, 3)
    m[:, 2, 2] = 1.0
    return m


@pytest.mark.parametrize("outside", FILLS)
@given(
    h=st.integers(1, 7),
    w=st.integers(1, 7),
    c=st.sampled_from([1, 3, 4]),
    numbers=st.lists(st.floats(-3, 3), min_size=12, max_size=12),
)
def test_any_map_is_the_twins(outside, h, w, c, numbers):
    x, m = pictures((2, h, w, c)), matrices(numbers)
    expected = affine.affine(
        x.numpy(), m[:, :2].numpy(), fill_mode=FILLS[outside], fill_value=float(outside == 77) * 77
    )
    got = resample(x, m, None, outside=outside)
    assert got.dtype == torch.uint8
    assert abs(got.numpy() - expected).max() <= 0.51


@given(
    h=st.integers(1, 7),
    w=st.integers(1, 7),
    numbers=st.lists(st.floats(-3, 3), min_size=12, max_size=12),
)
def test_masks_have_the_nearest_class_and_255_outside(h, w, numbers):
    x = pictures((2, h, w)) % 7
    m = (matrices(numbers) * 64).round() / 64
    m[:, :2, 2] += 1 / 1024  # no place lies between two pixels
    got = bend_masks(x, m)
    near = {"interpolation": "nearest", "fill_value": 255.0}
    expected = affine.affine(x.numpy()[..., None], m[:, :2].numpy(), **near)[..., 0]
    assert (got.numpy() == expected).all()


def test_identity_changes_no_bit():
    x = pictures((5, 33, 47, 3))
    eye, same = torch.eye(3).double().expand(5, 3, 3), torch.eye(5).double().expand(5, 5, 5)
    for outside in FILLS:
        assert resample(x, eye, same, outside=outside).equal(x)
    assert bend_masks(x[..., 0], eye).equal(x[..., 0])


def test_a_whole_shift_changes_no_bit_of_what_stays():
    x = pictures((1, 40, 50, 3))
    y = resample(x, matrices([1, 0, 3, 0, 1, -5]), None, outside=0)
    assert y[:, 5:, :47].equal(x[:, :35, 3:])
    assert not y[:, :5].any()
    assert not y[:, :, 47:].any()


@given(st.integers(1, 9), st.integers(1, 3), st.integers(0, 999))
def test_a_picture_is_the_same_in_any_batch(cut, c, seed):
    c = 1 if c < 3 else 3
    x = pictures((10, 61, 83, c), seed)
    rng = np.random.default_rng(seed)
    m = matrices((rng.normal(size=(10, 2, 3)) + np.eye(2, 3)).ravel().tolist())
    factor = torch.from_numpy(rng.uniform(0.3, 1.7, 10))
    maps = product(contrasting(factor), saturated(factor.flip(0)))
    whole = resample(x, m, maps, outside=REFLECTED)
    parts = [
        resample(*each, outside=REFLECTED)
        for each in zip(x.split(cut), m.split(cut), maps.split(cut), strict=True)
    ]
    assert torch.cat(parts).equal(whole)


def test_any_number_of_threads_gives_the_same():
    x = pictures((9, 150, 141, 3))
    m = matrices((np.random.default_rng(1).normal(size=54) * 0.1).tolist())
    maps = contrasting(torch.linspace(0.5, 1.5, 9).double())
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            found.append(resample(x, m, maps, outside=EDGE))
    finally:
        torch.set_num_threads(before)
    assert found[0].equal(found[1])
    assert found[0].equal(found[2])


def test_colors_follow_their_matrix_and_the_mean_brightness():
    x = pictures((3, 6, 5, 3))
    factor = torch.tensor([0.4, 1.0, 1.3]).double()
    maps = product(brighter(factor), product(contrasting(factor), saturated(factor + 0.1)))
    got = recolor(x, maps)
    for picture, matrix, y in zip(x.double().numpy(), maps.numpy(), got.numpy(), strict=True):
        mean = (picture @ [0.299, 0.587, 0.114]).mean()
        state = np.concatenate([picture, np.full((6, 5, 1), mean), np.ones((6, 5, 1))], axis=2)
        expected = (state @ matrix.T)[..., :3].clip(0, 255)
        assert abs(y - expected).max() <= 0.501


def test_colors_are_cut_off_once():
    x = pictures((1, 6, 5, 3))
    there, back = (brighter(torch.tensor([f]).double()) for f in (4.0, 0.25))
    assert recolor(x, product(back, there)).equal(x)


def test_mirroring_is_torchs_flip_for_each_picture():
    x = pictures((4, 5, 6, 3))
    m = torch.eye(3).double().repeat(4, 1, 1)
    m[1, 0, 0] = m[2, 1, 1] = m[3, 0, 0] = m[3, 1, 1] = -1.0
    expected = [x[0], x[1].flip(1), x[2].flip(0), x[3].flip(0, 1)]
    assert mirror(x, m).equal(torch.stack(expected))


def test_blending_is_a_weighted_mean():
    x, other = pictures((2, 3, 4, 1)), pictures((2, 3, 4, 1), 1)
    expected = x.numpy() * 0.3 + other.numpy() * 0.7
    assert abs(blend(x, other, 0.3).numpy() - expected).max() <= 0.501
    assert blend(x, other, 1.0).equal(x)


def test_nothing_is_written_to_what_was_given():
    x, m = pictures((2, 5, 5, 3)), matrices([1.0, 0.1, 0, 0, 1, 0.5] * 2)
    before = x.clone()
    resample(x, m, contrasting(torch.tensor([0.5, 2.0]).double()), outside=9)
    bend_masks(x[..., 0], m)
    assert x.equal(before)


def test_pictures_in_another_memory_order_are_pictures():
    x = pictures((2, 3, 5, 6)).permute(0, 2, 3, 1)
    m = matrices([1.0, 0.1, 0, 0, 1, 0.5] * 2)
    same = x.contiguous()
    assert resample(x, m, None, outside=0).equal(resample(same, m, None, outside=0))
    assert mirror(x, -m).equal(mirror(same, -m))
    assert blend(x, x.flip(0), 0.4).equal(blend(same, same.flip(0), 0.4))


def test_error_words():
    words = "augment: `images` must hold grey or coloured pictures, 1 or 3 channels.* Got .*2 chan"
    with pytest.raises(ArgumentError, match=words):
        recolor(pictures((1, 2, 2, 2)), torch.eye(5).double()[None])
