import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import conv as oracle

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
PADDINGS = st.sampled_from(["valid", "same", 1, (2, 0), ((0, 1), (2, 1))])


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@given(
    sizes=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    kernel=PAIR,
    strides=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    dilation=PAIR,
    padding=PADDINGS,
    depth=st.integers(1, 2),
    groups=st.integers(1, 2),
)
def test_values_are_the_oracles(sizes, kernel, strides, dilation, padding, depth, groups):
    x = numbers((2, *sizes, depth * groups))
    filters, bias = numbers((*kernel, depth, 2 * groups), 1), numbers((2 * groups,), 2)
    expected = oracle.conv2d(
        x.numpy(),
        filters.numpy(),
        bias.numpy(),
        strides=strides,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    assume(0 not in expected.shape)
    got = ops.conv2d(
        x,
        filters,
        bias=bias,
        strides=strides,
        padding=padding,
        dilation_rate=dilation,
        groups=groups,
    )
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-10, atol=1e-10)


def test_values_and_gradients_are_torchs(close):
    x = numbers((2, 7, 6, 4)).requires_grad_()
    filters = numbers((3, 2, 2, 6), 1).requires_grad_()
    y = ops.conv2d(x, filters, strides=2, padding=(1, 0), groups=2)
    x_nchw = x.detach().permute(0, 3, 1, 2).clone().requires_grad_()
    oihw = filters.detach().permute(3, 2, 0, 1).clone().requires_grad_()
    y_nchw = F.conv2d(x_nchw, oihw, stride=2, padding=(1, 0), groups=2)
    close(y, y_nchw.permute(0, 2, 3, 1))
    weights = numbers(y.shape, 2)
    (y * weights).sum().backward()
    (y_nchw.permute(0, 2, 3, 1) * weights).sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))
    close(filters.grad, oihw.grad.permute(2, 3, 1, 0))


@pytest.mark.parametrize(
    ("x_shape", "kernel", "strides", "padding", "shape"),
    [
        ((1, 1, 1, 1), (1, 1), 1, "valid", (1, 1, 1, 2)),
        ((1, 1, 1, 1), (3, 3), 1, "same", (1, 1, 1, 2)),
        ((1, 5, 7, 3), (2, 2), 5, "valid", (1, 1, 2, 2)),
        ((1, 5, 7, 3), (1, 1), 3, "same", (1, 2, 3, 2)),
        ((2, 70, 120, 3), (7, 7), 2, "same", (2, 35, 60, 2)),
    ],
)
def test_edges(x_shape, kernel, strides, padding, shape):
    filters = torch.ones(*kernel, x_shape[-1], 2)
    assert ops.conv2d(torch.ones(x_shape), filters, strides=strides, padding=padding).shape == shape


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_filter_on_one_picture_has_gradients(dtype):
    x = numbers((1, 6, 4, 2)).to(dtype)
    for filters in (numbers((2, 2, 2, 1)).to(dtype), numbers((1, 1, 2, 1)).to(dtype)):
        y = ops.conv2d(x, filters.requires_grad_(), padding="same")
        y.sum().backward()
        assert filters.grad.shape == filters.shape
        assert filters.grad.isfinite().all()


def test_strides_may_be_tensorflows_four_numbers():
    x, filters = torch.rand(1, 7, 7, 2), torch.rand(3, 3, 2, 2)
    four = ops.conv2d(x, filters, strides=[1, 2, 3, 1], padding="same")
    assert torch.equal(four, ops.conv2d(x, filters, strides=(2, 3), padding="same"))


def test_same_pads_right_and_bottom_more():
    x = torch.ones(1, 4, 4, 1)
    y = ops.conv2d(x, torch.ones(3, 3, 1, 1), strides=2, padding="same")
    assert y[0, :, :, 0].tolist() == [[9, 6], [6, 4]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"strides": 0}, "conv2d: `strides` must be a whole number of at least 1, or a pair"),
        (
            {"strides": (1, 2, 2, 3)},
            r"conv2d: `strides` must begin and end with 1 .*\(1, 2, 2, 1\)",
        ),
        ({"dilation_rate": (1, -1)}, "`dilation_rate` must be"),
        ({"padding": "full"}, "`padding` must be"),
    ],
)
def test_error_words(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        ops.conv2d(torch.ones(1, 5, 5, 1), torch.ones(3, 3, 1, 1), **arguments)


@pytest.mark.parametrize(
    ("images", "filters", "arguments", "words"),
    [
        ((5, 5, 1), (3, 3, 1, 1), {}, r"conv2d: input must have 4 dimensions \(n, h, w, c\)"),
        ((1, 5, 5, 1), (3, 3, 1), {}, r"`filters` must have 4 dimensions .*filters \(3, 3, 1\)"),
        ((1, 5, 5, 2), (3, 3, 1, 1), {}, r"`filters` must be .* channels at axis 2\. Got filters"),
        ((1, 5, 5, 2), (3, 3, 2, 2), {"groups": 2}, r"channels / groups=2 at axis 2"),
        (
            (1, 5, 5, 2),
            (3, 3, 2, 2),
            {"bias": torch.zeros(3)},
            r"`bias` must have the shape \(2,\)",
        ),
        ((1, 2, 5, 1), (3, 3, 1, 1), {}, "input must be at least as large as the window, 3x3"),
        ((1, 4, 4, 1), (3, 3, 1, 1), {"dilation_rate": 2}, "as large as the window, 5x5"),
    ],
)
def test_error_words_of_shapes(images, filters, arguments, words):
    with pytest.raises(ShapeError, match=words):
        ops.conv2d(torch.ones(images), torch.ones(filters), **arguments)


@pytest.mark.parametrize(("groups", "words"), [(0, "a whole number"), (2, "divide the filters")])
def test_error_words_of_groups(groups, words):
    with pytest.raises(ArgumentError, match=f"conv2d: `groups` must .*{words}"):
        ops.conv2d(torch.ones(1, 5, 5, 2), torch.ones(3, 3, 1, 3), groups=groups)
