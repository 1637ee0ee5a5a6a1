import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.ops.conv_transpose import parse_transposed
from tests.oracle import conv as oracle

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
PADDINGS = st.sampled_from(["valid", "same", 1, (2, 0), ((0, 1), (2, 1)), ((4, 0), (0, 5))])


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@given(
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    strides=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    dilation=PAIR,
    padding=PADDINGS,
    output_padding=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 3)),
    channels=st.integers(1, 2),
    filters=st.integers(1, 2),
    groups=st.sampled_from([1, 1, 2, 3]),
)
def test_values_are_the_oracles(
    sizes, kernel, strides, dilation, padding, output_padding, channels, filters, groups
):
    if output_padding is not None:
        assume(all(more < step for more, step in zip(output_padding, strides, strict=True)))
    channels *= groups
    x, k = numbers((2, *sizes, channels)), numbers((*kernel, filters, channels), 1)
    bias = numbers((filters * groups,), 2)
    window = {"strides": strides, "padding": padding, "output_padding": output_padding}
    expected = oracle.conv2d_transpose(
        x.numpy(), k.numpy(), bias.numpy(), dilation=dilation, groups=groups, **window
    )
    assume(0 not in expected.shape)
    got = ops.conv2d_transpose(x, k, bias=bias, dilation_rate=dilation, groups=groups, **window)
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("groups", [1, 2])
def test_values_and_gradients_are_torchs(groups, close):
    x = numbers((2, 4, 3, 4)).requires_grad_()
    filters = numbers((3, 2, 5, 4), 1).requires_grad_()
    window = {"strides": (2, 3), "padding": (1, 0), "output_padding": (1, 2), "groups": groups}
    y = ops.conv2d_transpose(x, filters, **window)
    x_nchw = x.detach().permute(0, 3, 1, 2).clone().requires_grad_()
    iohw = filters.detach().permute(3, 2, 0, 1).clone().requires_grad_()
    y_nchw = F.conv_transpose2d(x_nchw, iohw, None, (2, 3), (1, 0), (1, 2), groups)
    close(y, y_nchw.permute(0, 2, 3, 1))
    weights = numbers(y.shape, 2)
    (y * weights).sum().backward()
    (y_nchw.permute(0, 2, 3, 1) * weights).sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))
    close(filters.grad, iohw.grad.permute(2, 3, 1, 0))


@pytest.mark.parametrize("strides", [1, 2, (3, 2)], ids=str)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kernel", [(1, 2), (3, 3), (4, 5)], ids=str)
def test_it_is_the_gradient_of_the_convolution(kernel, padding, strides, close):
    maps, filters = numbers((1, 3, 4, 2)), numbers((*kernel, 3, 2), 1)
    back = ops.conv2d_transpose(maps, filters, strides=strides, padding=padding)
    picture = numbers(back.shape, 2).requires_grad_()
    ops.conv2d(picture, filters, strides=strides, padding=padding).backward(maps)
    close(back, picture.grad)


def test_every_pixel_paints_the_filter():
    x = torch.tensor([1.0, 10.0]).reshape(1, 1, 2, 1)
    filters = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    whole = ops.conv2d_transpose(x, filters, strides=(1, 2))
    same = ops.conv2d_transpose(x, filters, strides=(1, 2), padding="same")
    assert whole.flatten().tolist() == [1, 2, 13, 20, 30]
    assert same.flatten().tolist() == [1, 2, 13, 20]


@pytest.mark.parametrize(
    ("size", "kernel", "strides", "padding", "more", "output"),
    [
        (1, 1, 1, "valid", None, 1),
        (1, 3, 1, "same", None, 1),
        (2, 1, 3, "valid", None, 6),
        (2, 1, 3, "valid", 0, 4),
        (2, 1, 3, "same", None, 6),
        (3, 4, 2, "same", 0, 4),
        (3, 3, 2, 1, 1, 6),
        (3, 2, 2, ((1, 0), (0, 2)), None, (5, 4)),
    ],
)
def test_edges(size, kernel, strides, padding, more, output):
    x, filters = torch.ones(1, size, size, 1), torch.ones(kernel, kernel, 2, 1)
    y = ops.conv2d_transpose(x, filters, strides=strides, padding=padding, output_padding=more)
    sizes = output if isinstance(output, tuple) else (output, output)
    assert y.shape == (1, *sizes, 2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_picture_of_one_channel_has_gradients(dtype):
    x = numbers((1, 4, 4, 1)).to(dtype).requires_grad_()
    filters = numbers((2, 3, 2, 1)).to(dtype).requires_grad_()
    ops.conv2d_transpose(x, filters, strides=2).sum().backward()
    assert filters.grad.isfinite().all()


@pytest.mark.parametrize(
    ("padding", "even", "more", "rest"),
    [
        ("valid", (0, 0), (0, 0), None),
        ("same", (1, 1), (0, 0), None),
        (1, (1, 1), (0, 0), None),
        (((2, 1), (1, 1)), (2, 1), (1, 0), None),
        (((1, 2), (1, 1)), (1, 1), (0, 0), (0, 0, 0, -1)),
        (((3, 0), (1, 1)), (0, 1), (0, 0), (0, 0, -3, 0)),
    ],
)
def test_only_what_torch_cannot_cut_is_cut_by_hand(padding, even, more, rest):
    window = parse_transposed(
        "x", (4, 4), strides=2, padding=padding, output_padding=None, dilation_rate=1
    )
    assert (window.even, window.more, window.rest) == (even, more, rest)


def test_strides_may_be_tensorflows_four_numbers():
    x, filters = torch.rand(1, 3, 3, 2), torch.rand(3, 3, 1, 2)
    four = ops.conv2d_transpose(x, filters, strides=(1, 2, 3, 1))
    assert torch.equal(four, ops.conv2d_transpose(x, filters, strides=(2, 3)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"strides": 0}, "conv2d_transpose: `strides` must be a whole number of at least 1"),
        ({"strides": (2, 2, 2, 1)}, "conv2d_transpose: `strides` must begin and end with 1"),
        ({"dilation_rate": 0}, "conv2d_transpose: `dilation_rate` must be"),
        ({"groups": 2}, "conv2d_transpose: `groups` must divide the channels. Got groups=2."),
        ({"padding": "full"}, "conv2d_transpose: `padding` must be"),
        ({"output_padding": -1}, "`output_padding` must be a whole number of at least 0, or"),
        (
            {"strides": 2, "output_padding": (1, 2)},
            r"`output_padding` must be smaller than strides=\(2, 2\)\. Got output_padding=\(1, 2\)",
        ),
    ],
)
def test_error_words(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        ops.conv2d_transpose(torch.ones(1, 5, 5, 1), torch.ones(3, 3, 1, 1), **arguments)


@pytest.mark.parametrize(
    ("images", "filters", "bias", "words"),
    [
        ((5, 5, 2), (3, 3, 1, 2), None, "conv2d_transpose: input must have 4 dimensions"),
        ((1, 5, 5, 2), (3, 3, 2), None, "`filters` must have 4 dimensions"),
        ((1, 5, 5, 2), (3, 3, 2, 1), None, "`filters` must be .* channels at axis 3"),
        ((1, 5, 5, 2), (3, 3, 4, 2), torch.zeros(2), r"`bias` must have the shape \(4,\)"),
    ],
)
def test_error_words_of_shapes(images, filters, bias, words):
    with pytest.raises(ShapeError, match=words):
        ops.conv2d_transpose(torch.ones(images), torch.ones(filters), bias=bias)
