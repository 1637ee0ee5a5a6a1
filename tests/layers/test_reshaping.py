import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.layers import Flatten, Permute, Reshape
from tests.oracle import reshaping as oracle

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def test_the_order_is_height_width_channel():
    x = torch.arange(2 * 2 * 3 * 2.0).reshape(2, 2, 3, 2)
    y = Flatten()(x)
    assert y.tolist() == [list(range(12)), list(range(12, 24))]
    assert y[0, (1 * 3 + 2) * 2 + 1] == x[0, 1, 2, 1]


@pytest.mark.parametrize(
    ("shape", "flat"),
    [((2, 3, 3, 128), (2, 1152)), ((5, 4), (5, 4)), ((5,), (5, 1)), ((1, 1, 1, 1), (1, 1))],
)
def test_shapes(shape, flat):
    layer = Flatten()
    assert layer(torch.zeros(shape)).shape == flat
    assert layer.output_shape(shape) == flat


def test_open_sizes_make_an_open_length():
    assert Flatten().output_shape((None, None, 4, 3)) == (None, None)
    assert Flatten().output_shape((None, 5, 4, 3)) == (None, 60)


def test_it_costs_nothing():
    x = torch.rand(2, 3, 4, 5, requires_grad=True)
    y = Flatten()(x)
    assert y.data_ptr() == x.data_ptr()
    assert Flatten().cost((2, 3, 4, 5)).output_bytes == 0
    (gradient,) = torch.autograd.grad(y, x, given := torch.rand_like(y))
    assert gradient.data_ptr() == given.data_ptr()


@given(SIZES, st.data())
def test_reshape_keeps_the_order(sizes, data):
    x = torch.randn(2, *sizes, dtype=torch.float64)
    first = data.draw(st.sampled_from([n for n in range(1, 257) if math.prod(sizes) % n == 0]))
    target = data.draw(st.permutations([first, math.prod(sizes) // first]))
    for asked in (target, [target[0], -1], [-1, target[1]], [-1]):
        layer = Reshape(asked)
        expected = torch.from_numpy(oracle.reshape(x.numpy(), asked))
        assert torch.equal(layer(x), expected)
        assert layer.output_shape((2, *sizes)) == expected.shape


@pytest.mark.parametrize("target", [(6, 4), (-1, 4), (2, -1, 3)])
def test_reshape_is_a_view_of_nhwc(target):
    x = torch.rand(2, 2, 3, 4, requires_grad=True)
    y = Reshape(target)(x)
    assert y.data_ptr() == x.data_ptr()
    assert Reshape(target).cost((2, 2, 3, 4)).output_bytes == 0
    (gradient,) = torch.autograd.grad(y, x, given := torch.rand_like(y))
    assert gradient.data_ptr() == given.data_ptr()


def test_reshape_of_other_orders_copies_what_it_must():
    x = torch.rand(2, 3, 4, 5)
    turned = Permute((2, 1, 3))(x)
    assert torch.equal(Reshape((12, 5))(turned), turned.contiguous().reshape(2, 12, 5))


def test_reshape_of_an_empty_batch_and_of_one_number():
    assert Reshape((-1, 2))(torch.zeros(0, 3, 4)).shape == (0, 6, 2)
    assert Reshape((6, 2))(torch.zeros(0, 3, 4)).shape == (0, 6, 2)
    assert Reshape((1, 1))(torch.zeros(5)).shape == (5, 1, 1)
    assert Reshape((-1,))(torch.zeros(5)).shape == (5, 1)


def test_reshape_with_open_sizes():
    assert Reshape((-1, 4)).output_shape((None, None, 5, 4)) == (None, None, 4)
    assert Reshape((-1, 4)).output_shape((None, 6, 5, 4)) == (None, 30, 4)
    assert Reshape((5, 6)).output_shape((None, None, 5)) == (None, 5, 6)


@pytest.mark.parametrize("dims", [(1,), (2, 1), (2, 1, 3), (3, 1, 2), (4, 2, 3, 1)])
def test_permute_puts_axes_in_another_order(dims, close):
    x = torch.randn(2, *range(3, 3 + len(dims)), dtype=torch.float64)
    layer = Permute(dims)
    y = layer(x)
    close(y, oracle.permute(x.numpy(), dims))
    assert torch.equal(y, x.permute(0, *dims))
    assert y.data_ptr() == x.data_ptr()
    assert layer.output_shape((None, *x.shape[1:])) == (None, *y.shape[1:])
    assert layer.cost(tuple(x.shape)).output_bytes == 0


def test_permute_of_open_sizes_and_gradient():
    assert Permute((3, 1, 2)).output_shape((None, None, 5, 3)) == (None, 3, None, 5)
    x = torch.randn(2, 3, 4, 5, requires_grad=True)
    y = Permute((3, 1, 2))(x)
    y.backward(flow := torch.randn(y.shape))
    assert torch.equal(x.grad, flow.permute(0, 2, 3, 1))


@pytest.mark.parametrize("target", [5, None, "4", (0, 4), (-2, 4), (-1, -1), (2.0,), (True, 4)])
def test_error_words_of_target_shape(target):
    words = "`target_shape` must hold the sizes of one sample, each at least 1, one of them perhaps"
    with pytest.raises(ArgumentError, match=words):
        Reshape(target)


@pytest.mark.parametrize("dims", [3, None, (0, 1), (1, 3), (1, 1), (2.0, 1), (True, 2)])
def test_error_words_of_dims(dims):
    with pytest.raises(ArgumentError, match=r"`dims` must hold each of 1, 2, \.\.\. once"):
        Permute(dims)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Flatten(), (), "input must have a batch dimension"),
        (Reshape((4,)), (), "input must have a batch dimension"),
        (Reshape((4, 2)), (2, 9), r"as many numbers a sample as target_shape=\(4, 2\)\. Got input"),
        (Reshape((4, -1)), (2, 9), r"have numbers that fill target_shape=\(4, -1\)\. Got input"),
        (Permute((2, 1)), (2, 3, 4, 5), r"must have 3 dimensions \(n, axis 1, axis 2\)"),
    ],
)
def test_error_words_of_inputs(layer, shape, words):
    with pytest.raises(ShapeError, match=words):
        layer(torch.zeros(shape))
    with pytest.raises(ShapeError, match=words):
        layer.output_shape(shape)
