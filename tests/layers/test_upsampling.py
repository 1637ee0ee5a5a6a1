import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError, ShapeError
from striate.layers import PixelShuffle, Resizing, UpSampling2D
from tests.oracle import upsampling as oracle

FACTOR = st.integers(1, 4)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@given(size=st.tuples(FACTOR, FACTOR), h=st.integers(1, 4), w=st.integers(1, 4))
def test_values_are_the_oracles(interpolation, size, h, w):
    x = torch.randn(2, h, w, 2, dtype=torch.float64)
    layer = UpSampling2D(size, interpolation=interpolation)
    expected = torch.from_numpy(oracle.upsample(x.numpy(), size, interpolation))
    torch.testing.assert_close(layer(x), expected, rtol=0, atol=1e-12)
    assert layer.output_shape((2, h, w, 2)) == expected.shape


def test_nearest_repeats_at_large_sizes_too():
    x = torch.arange(1000.0).reshape(1, 1, 1000, 1)
    for factor in (3, 7, 41, 49):
        y = UpSampling2D((1, factor))(x)
        assert torch.equal(y, x.repeat_interleave(factor, 2))


def test_values_are_torchs_and_those_of_resizing(close):
    x = torch.randn(2, 5, 4, 3)
    x_nchw = x.permute(0, 3, 1, 2)
    near = F.interpolate(x_nchw, scale_factor=2, mode="nearest").permute(0, 2, 3, 1)
    assert torch.equal(UpSampling2D()(x), near)
    smooth = F.interpolate(x_nchw, scale_factor=(2, 3), mode="bilinear").permute(0, 2, 3, 1)
    close(UpSampling2D((2, 3), interpolation="bilinear")(x), smooth)
    for name in ("nearest", "bilinear", "bicubic"):
        layer = UpSampling2D((2, 3), interpolation=name)
        close(layer(x), Resizing(10, 12, interpolation=name)(x), 1e-6)


def test_the_gradient_of_nearest_is_a_sum():
    x = torch.randn(1, 2, 3, 2, requires_grad=True)
    y = UpSampling2D((2, 3))(x)
    flow = torch.randn_like(y)
    y.backward(flow)
    expected = flow.reshape(1, 2, 2, 3, 3, 2).sum(dim=(2, 4))
    torch.testing.assert_close(x.grad, expected)


def test_defaults_are_keras():
    layer = UpSampling2D()
    assert (layer.size, layer.interpolation) == ((2, 2), "nearest")
    assert UpSampling2D(3).size == (3, 3)


def test_open_sizes():
    assert UpSampling2D((2, 3)).output_shape((None, None, 5, 3)) == (None, None, 15, 3)
    assert PixelShuffle(2).output_shape((None, None, 5, 12)) == (None, None, 10, 3)
    assert PixelShuffle(2).output_shape((None, 5, 5, None)) == (None, 10, 10, None)


def test_one_pixel_of_one_channel():
    one = torch.full((1, 1, 1, 1), 3.0)
    for name in ("nearest", "bilinear", "bicubic"):
        assert UpSampling2D(2, interpolation=name)(one).flatten().tolist() == [3.0] * 4
    assert PixelShuffle(1)(one).item() == 3.0


@pytest.mark.parametrize("factor", [1, 2, 3])
def test_shuffled_pixels_are_the_oracles(factor, close):
    x = torch.randn(2, 3, 5, 2 * factor**2, dtype=torch.float64)
    layer = PixelShuffle(factor)
    close(layer(x), oracle.pixel_shuffle(x.numpy(), factor))
    assert layer(x).shape == layer.output_shape(tuple(x.shape))


def test_neither_has_products_or_parameters():
    for layer in (UpSampling2D(2), PixelShuffle(2)):
        cost = layer.cost((1, 3, 3, 4))
        assert (cost.parameters, cost.multiply_adds) == (0, 0)
        assert cost.output_bytes == layer(torch.zeros(1, 3, 3, 4)).numel() * 4


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: UpSampling2D(0), "`size` must be a whole number of at least 1, or a pair"),
        (lambda: UpSampling2D((1, 2, 3)), "`size` must be"),
        (
            lambda: UpSampling2D(interpolation="lanczos3"),
            '`interpolation` must be one of "nearest", "bilinear", "bicubic"',
        ),
        (lambda: PixelShuffle(0), "`factor` must be a whole number of at least 1"),
        (lambda: PixelShuffle((2, 2)), "`factor` must be a whole number of at least 1"),
    ],
)
def test_error_words_of_arguments(make, words):
    with pytest.raises(ArgumentError, match=words):
        make()


def test_error_words_of_inputs():
    for layer in (UpSampling2D(), PixelShuffle(2)):
        with pytest.raises(ShapeError, match=r"must have 4 dimensions \(n, h, w, c\)"):
            layer(torch.zeros(4, 4))
    words = r'PixelShuffle "p": input must have channels that factor\^2 = 4 divides\. Got input \('
    with pytest.raises(ShapeError, match=words):
        PixelShuffle(2, name="p")(torch.zeros(1, 2, 2, 6))
    with pytest.raises(ShapeError, match=words):
        PixelShuffle(2, name="p").output_shape((None, None, None, 6))
