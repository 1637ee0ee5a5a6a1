import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from striate.ops.pool import _can_be_halved, max_pool_window, parse_window
from tests.oracle import pool as oracle

POOLS = {"max": (ops.max_pool, np.max), "avg": (ops.avg_pool, np.mean)}
PAIR = st.tuples(st.integers(1, 4), st.integers(1, 4))


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@pytest.mark.parametrize("kind", POOLS)
@given(
    sizes=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    window=PAIR,
    strides=st.none() | st.tuples(st.integers(1, 5), st.integers(1, 5)),
    padding=st.sampled_from(["valid", "same", 1, (1, 0), ((0, 1), (2, 1)), ((1, 0), (0, 0))]),
)
def test_values_are_the_oracles(kind, sizes, window, strides, padding):
    pool, reduce = POOLS[kind]
    try:
        parse_window("", window, strides, padding)
    except ArgumentError:
        assume(False)
    x = numbers((2, *sizes, 3)) - 5  # far from 0: a padded zero would win or weigh
    expected = oracle.pool(x.numpy(), window, strides=strides, padding=padding, reduce=reduce)
    assume(0 not in expected.shape)
    got = pool(x, window, strides=strides, padding=padding)
    assert got.is_contiguous()
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", POOLS)
def test_no_copy_is_made_where_the_kernel_can_pad(kind, monkeypatch):
    monkeypatch.setattr(F, "pad", None)
    pool, _ = POOLS[kind]
    for size, window, strides in [(112, 3, 2), (7, 2, 2), (10, 3, 3), (9, 3, 1), (8, 5, 3)]:
        y = pool(numbers((1, size, size, 2)), window, strides=strides, padding="same")
        assert y.shape[1] == -(-size // strides)


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize("padding", ["valid", 1])
def test_values_and_gradients_are_torchs(kind, padding, close):
    pool, _ = POOLS[kind]
    pixels = 0 if padding == "valid" else padding
    x = numbers((2, 7, 6, 3)).requires_grad_()
    x_nchw = x.detach().permute(0, 3, 1, 2).clone().requires_grad_()
    y = pool(x, 3, strides=2, padding=padding)
    if kind == "max":
        y_nchw = F.max_pool2d(x_nchw, 3, 2, pixels)
    else:
        y_nchw = F.avg_pool2d(x_nchw, 3, 2, pixels, count_include_pad=False)
    close(y, y_nchw.permute(0, 2, 3, 1))
    y.square().sum().backward()
    y_nchw.square().sum().backward()
    close(x.grad, x_nchw.grad.permute(0, 2, 3, 1))


@pytest.mark.parametrize("kind", POOLS)
def test_four_numbers_are_tensorflows(kind):
    pool, _ = POOLS[kind]
    x = numbers((2, 7, 6, 3))
    assert torch.equal(pool(x, (1, 2, 3, 1)), pool(x, (2, 3)))
    four = pool(x, [1, 3, 3, 1], strides=[1, 2, 1, 1], padding="same")
    assert torch.equal(four, pool(x, 3, strides=(2, 1), padding="same"))
    assert torch.equal(pool(x, (1, 1, 1, 1)), x)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_four_numbers_along_the_channels_are_depth_pool(padding):
    x = numbers((2, 3, 4, 6))
    got = ops.max_pool(x, (1, 1, 1, 3), strides=(1, 1, 1, 3), padding=padding)
    assert torch.equal(got, ops.depth_pool(x, 3))
    assert torch.equal(ops.max_pool(x, (1, 1, 1, 2)), ops.depth_pool(x, 2))


@pytest.mark.parametrize(
    ("pool", "arguments", "words"),
    [
        (ops.max_pool, {"pool_size": (1, 2, 2, 3)}, r"four numbers \(1, height, width, 1\)"),
        (ops.max_pool, {"pool_size": (2, 2, 2, 1)}, r"`pool_size` must begin and end with 1"),
        (ops.avg_pool, {"pool_size": (1, 1, 1, 3)}, r"`pool_size` must begin and end with 1"),
        (ops.avg_pool, {"pool_size": 2, "strides": (1, 1, 1, 2)}, "`strides` must begin and end"),
        (ops.max_pool, {"pool_size": (1, 2, 2)}, "`pool_size` must be a whole number"),
        (ops.max_pool, {"pool_size": (1, 1, 1, 0)}, "`pool_size` must be a whole number"),
        (
            ops.max_pool,
            {"pool_size": (1, 1, 1, 3), "strides": (1, 1, 1, 1)},
            r"`strides` must be \(1, 1, 1, 3\), as pool_size, or None",
        ),
        (
            ops.max_pool,
            {"pool_size": (1, 1, 1, 3), "strides": 3},
            r"`strides` must be \(1, 1, 1, 3",
        ),
        (
            ops.max_pool,
            {"pool_size": (1, 1, 1, 3), "padding": 1},
            '`padding` must be "valid" or "same" where pool_size goes along the channels',
        ),
    ],
)
def test_error_words_of_four_numbers(pool, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        pool(torch.ones(1, 5, 5, 3), **arguments)


def test_ties():
    """Equal values: a window gives the first of them all, whole maps and channels share."""
    x = torch.ones(1, 2, 2, 1, requires_grad=True)
    ops.max_pool(x).sum().backward()
    assert x.grad.flatten().tolist() == [1.0, 0.0, 0.0, 0.0]
    x.grad = None
    ops.global_max_pool(x).sum().backward()
    assert x.grad.flatten().tolist() == [0.25] * 4


def test_global_pools_reduce_whole_maps(close):
    x = numbers((2, 3, 5, 4))
    close(ops.global_avg_pool(x), x.numpy().mean(axis=(1, 2)))
    close(ops.global_max_pool(x), x.numpy().max(axis=(1, 2)))
    assert ops.global_avg_pool(x, keepdims=True).shape == (2, 1, 1, 4)
    assert ops.global_max_pool(x, keepdims=True).shape == (2, 1, 1, 4)


def test_the_books_toy():
    window = torch.tensor([[1.0, 5.0], [3.0, 2.0]])[None, :, :, None]
    assert ops.max_pool(window).item() == 5.0
    assert ops.avg_pool(window).item() == 2.75


@pytest.mark.parametrize("kind", POOLS)
def test_edges(kind):
    pool, _ = POOLS[kind]
    one = torch.full((1, 1, 1, 1), -3.0)
    assert pool(one, 1).item() == pool(one, 3, padding="same").item() == -3.0
    assert pool(torch.ones(1, 7, 7, 1), 2, strides=5).shape == (1, 2, 2, 1)


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"pool_size": 0}, "`pool_size` must be a whole number of at least 1"),
        ({"strides": (0, 1)}, "`strides` must be"),
        ({"padding": "full"}, "`padding` must be"),
        ({"pool_size": 2, "padding": 2}, r"`padding` must be smaller than pool_size=\(2, 2\)"),
        ({"pool_size": (3, 2), "padding": ((2, 0), (0, 2))}, "Use less padding or a larger"),
    ],
)
def test_error_words(kind, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        POOLS[kind][0](torch.ones(1, 5, 5, 1), **arguments)


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize(
    ("shape", "words"),
    [((5, 5, 1), "must have 4 dimensions"), ((1, 1, 5, 1), "as large as the window, 2x2")],
)
def test_error_words_of_shapes(kind, shape, words):
    with pytest.raises(ShapeError, match=f"{POOLS[kind][0].__name__}: input .*{words}"):
        POOLS[kind][0](torch.ones(shape))


@given(
    st.tuples(st.integers(1, 2), st.integers(20, 40), st.integers(20, 40), st.integers(10, 20)),
    st.sampled_from([torch.float32, torch.bfloat16, torch.float64]),
    st.booleans(),
    st.integers(0, 2**31),
)
def test_windows_side_by_side_without_a_gradient(shape, dtype, relu, seed):
    """They go by pairs of rows and columns; the numbers are torch's, NaN and ties too."""
    torch.manual_seed(seed)
    x = torch.randn(shape, dtype=dtype).round(decimals=1)
    x[0, 3, 5, 0] = torch.nan
    x[0, 6, 6, 1] = -torch.inf
    window = parse_window("max_pool", 2, None, "valid")
    assert _can_be_halved(x, window) == (x[0].numel() >= 4_000)
    y = max_pool_window(x, window, relu=relu)
    wanted = F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)
    wanted = wanted.relu() if relu else wanted
    torch.testing.assert_close(y, wanted, rtol=0, atol=0, equal_nan=True)


def test_what_has_a_gradient_or_another_window_goes_by_torch():
    window = parse_window("max_pool", 2, None, "valid")
    x = torch.randn(1, 40, 40, 16)
    assert _can_be_halved(x, window)
    assert not _can_be_halved(x.clone().requires_grad_(), window)
    with torch.no_grad():
        assert _can_be_halved(x.clone().requires_grad_(), window)
    assert not _can_be_halved(x.to("meta"), window)
    for size, strides, padding in ((3, 2, "valid"), (2, 1, "valid"), (2, 2, "same"), (2, 2, 1)):
        other = parse_window("max_pool", size, strides, padding)
        assert not _can_be_halved(x, other)
