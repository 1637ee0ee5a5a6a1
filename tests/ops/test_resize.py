import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.ops.resize import INTERPOLATIONS, crop_to_ratio, pad_to_ratio
from tests.oracle import resize as oracle

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@pytest.mark.parametrize("antialias", [False, True], ids=["plain", "antialias"])
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@given(before=SIZES, after=SIZES)
def test_values_are_the_oracles(interpolation, antialias, before, after):
    x = numbers((2, *before, 2))
    got = ops.resize(x, after, interpolation=interpolation, antialias=antialias)
    expected = oracle.resize(x.numpy(), after, interpolation, antialias)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_the_same_size_is_the_same_picture(interpolation, close):
    x = numbers((1, 5, 7, 3))
    close(ops.resize(x, (5, 7), interpolation=interpolation), x)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
@given(before=SIZES, after=SIZES)
def test_one_grey_stays_one_grey(interpolation, before, after):
    y = ops.resize(torch.full((1, *before, 1), 0.7), after, interpolation=interpolation)
    torch.testing.assert_close(y, torch.full((1, *after, 1), 0.7))


def test_bilinear_and_its_gradient_are_torchs(close):
    x = numbers((2, 5, 6, 3)).requires_grad_()
    x_nchw = x.detach().permute(0, 3, 1, 2).clone().requires_grad_()
    y = ops.resize(x, (9, 4))
    y_nchw = F.interpolate(x_nchw, (9, 4), mode="bilinear", align_corners=False)
    close(y, y_nchw.permute(0, 2, 3, 1))
    y.square().sum().backward()
    y_nchw.square().sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))


def test_half_formats_keep_their_type(close):
    x = numbers((1, 5, 6, 3))
    for interpolation in INTERPOLATIONS:
        y = ops.resize(x.bfloat16(), (3, 4), interpolation=interpolation)
        assert y.dtype == torch.bfloat16
        close(y.double(), ops.resize(x, (3, 4), interpolation=interpolation), 2e-2)


def row(*values):
    return torch.tensor(values).reshape(1, 1, -1, 1)


@pytest.mark.parametrize(
    ("width", "kept"), [(5, [0, 1, 2, 3, 4]), (4, [0, 1, 2, 3]), (3, [1, 2, 3]), (2, [1, 2])]
)
def test_center_crop_keeps_the_middle(width, kept):
    x = row(0.0, 1.0, 2.0, 3.0, 4.0)
    assert ops.center_crop(x, (1, width)).flatten().tolist() == kept


def test_center_crop_enlarges_what_is_too_small(close):
    x = numbers((1, 4, 9, 2))
    got = ops.center_crop(x, (8, 8))
    close(got, oracle.resize(x[:, :, 2:6].numpy(), (8, 8)), 1e-6)
    tall = ops.center_crop(x, (6, 2))  # 4 x 9 holds 4 x 1 of 6 : 2
    close(tall, oracle.resize(x[:, :, 4:5].numpy(), (6, 2)), 1e-6)


@given(SIZES, SIZES)
def test_crop_to_ratio_is_the_largest_window(before, after):
    (h, w), (height, width) = before, after
    y = crop_to_ratio(torch.zeros(1, h, w, 1), after)
    inner = max(min(h, int(w * height / width)), 1), max(min(w, int(h * width / height)), 1)
    assert tuple(y.shape[1:3]) == inner
    assert y.shape[1] == h or y.shape[2] == w


@given(SIZES, SIZES)
def test_pad_to_ratio_keeps_the_picture_in_the_middle(before, after):
    (h, w), (height, width) = before, after
    y = pad_to_ratio(torch.ones(1, h, w, 1), after)
    assert y.sum() == h * w
    assert y.flip(1).equal(y)
    assert y.flip(2).equal(y)
    assert 0 <= max(h, w * height // width) - y.shape[1] <= 1
    assert 0 <= max(w, h * width // height) - y.shape[2] <= 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: ops.resize(x, (0, 3)), "resize: `size` must be a whole number of at least 1"),
        (lambda x: ops.resize(x, 3.5), "`size` must be"),
        (
            lambda x: ops.resize(x, 3, interpolation="lanczos3"),
            '`interpolation` must be one of "nearest", "bilinear", "bicubic"',
        ),
        (lambda x: ops.center_crop(x, (3, -1)), "center_crop: `size` must be"),
    ],
)
def test_error_words(call, words):
    with pytest.raises(ArgumentError, match=words):
        call(torch.zeros(1, 4, 4, 1))


@pytest.mark.parametrize("cut", [ops.resize, ops.center_crop])
def test_one_picture_without_its_batch_is_refused(cut):
    with pytest.raises(ShapeError, match=rf"{cut.__name__}: input .*images\[None\] for one"):
        cut(torch.zeros(4, 4, 3), (2, 2))
