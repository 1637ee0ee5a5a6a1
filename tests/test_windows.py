"""Windows and receptive fields by gradients of small nets, and by counting."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from striate.windows import (
    ReceptiveField,
    Window,
    enlarging_window,
    painted_window,
    sliding_windows,
)

STEPS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2)),
    min_size=1,
    max_size=4,
)


@given(STEPS)
def test_a_chain_sees_what_its_gradient_says(steps):
    x = torch.ones(1, 1, 800, dtype=torch.float64, requires_grad=True)  # over 241, the widest
    y, field = x, ReceptiveField()
    for kernel, stride, dilation, padding in steps:
        weight = torch.ones(1, 1, kernel, dtype=torch.float64)
        y = F.conv1d(y, weight, stride=stride, dilation=dilation, padding=padding)
        field = field.through(Window(kernel, stride, dilation, padding, padding))
    position = y.shape[-1] // 2
    y[0, 0, position].backward()
    places = torch.nonzero(x.grad[0, 0]).flatten().tolist()
    start = field.start_px + position * field.stride_px
    assert (places[0], places[-1]) == (start, start + field.size_px - 1)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2), st.integers(8, 40))
def test_ignored_pixels_by_counting(kernel, stride, padding, size):
    window = Window(kernel, stride, before=padding, after=padding)
    positions = (size + 2 * padding - kernel) // stride + 1
    seen = {p * stride - padding + k for p in range(positions) for k in range(kernel)}
    last = max(at for at in seen if at < size)
    assert window.ignored(size) == size - 1 - last


def test_same_pads_as_the_size_asks():
    (rows, columns) = sliding_windows(
        (None, 8), kernel=(3, 2), strides=(2, 1), dilation=(1, 3), padding=("same", "valid")
    )
    assert rows == Window(3, 2, 1, 0, 1)
    assert columns == Window(2, 1, 3)
    explicit, _ = sliding_windows((9, 9), kernel=(3, 3), padding=((1, 2), (0, 0)))
    assert (explicit.before, explicit.after) == (1, 2)


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_larger_maps(factor):
    field = ReceptiveField().through(enlarging_window(factor))
    assert field.stride_px == Fraction(1, factor)
    for position in range(3 * factor):
        start = field.start_px + position * field.stride_px
        assert math.ceil(start) == math.floor(start + field.size_px - 1) == position // factor
    back = field.then(kernel=factor, stride=factor)
    assert (back.stride_px, type(back.stride_px)) == (1, int)
    assert enlarging_window(factor).ignored(7) == 0
    assert painted_window(3, stride=factor, cut=(1, 1)).ignored(7) == 0


def test_branches():
    small = ReceptiveField().then(kernel=1, stride=2)
    wide = ReceptiveField().then(kernel=7, stride=2, padding_before=3)
    both = small.joined(wide)
    assert (both.size_px, both.start_px, both.stride_px) == (7, -3, 2)
    assert small.joined(wide.through(None)).is_whole
    assert wide.through(None).then(kernel=3).is_whole


def test_the_texts_remark():
    """Three 3 × 3 layers see 7 × 7 pixels, and 18 × 18 with pooling behind the first two."""
    conv, pool = Window(3), Window(2, 2)
    plain, pooled = ReceptiveField(), ReceptiveField()
    for number in range(3):
        plain, pooled = plain.through(conv), pooled.through(conv)
        if number < 2:
            pooled = pooled.through(pool)
    assert (plain.size_px, pooled.size_px) == (7, 18)
