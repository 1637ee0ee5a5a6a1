import numpy as np
import pytest
import torch

from striate.errors import ArgumentError, ShapeError
from striate.layers import CenterCrop, Rescaling, Resizing
from tests.oracle import resize as oracle

PICTURES = torch.from_numpy(
    np.random.default_rng(0).integers(0, 256, (2, 9, 14, 3), dtype=np.uint8)
)


def test_rescaling_multiplies_and_shifts(close):
    y = Rescaling(1 / 127.5, offset=-1)(PICTURES)
    assert y.dtype == torch.float32
    close(y, PICTURES.double() / 127.5 - 1, 1e-6)
    assert y.min() >= -1
    assert y.max() <= 1
    x = torch.rand(2, 3)
    before = x.clone()
    Rescaling(1.0, offset=1)(x)
    assert x.equal(before)
    assert Rescaling(0.5)(x.double()).dtype == torch.float64


def test_rescaling_takes_arrays():
    assert Rescaling(2.0)(np.ones((1, 3), np.uint8)).tolist() == [[2.0, 2.0, 2.0]]


@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor])
def test_a_list_of_pictures_of_one_size_is_a_batch(make):
    pictures = [make(np.full((4, 6, 3), value, np.float32)) for value in (1, 2)]
    crop = CenterCrop(2, 2)
    for _ in range(2):
        assert crop(pictures).shape == (2, 2, 2, 3)
        assert Rescaling(3.0)(pictures)[:, 0, 0, 0].tolist() == [3.0, 6.0]
    with pytest.raises(
        ShapeError,
        match=r"input must hold pictures of one size where it is a list\. Got input \(3, 6, 3\)",
    ):
        crop([pictures[0], pictures[1][:3]])


def test_an_array_that_must_not_be_written_is_read_without_a_warning():
    picture = np.ones((1, 2, 2, 1), np.uint8)
    picture.flags.writeable = False
    assert Rescaling(2.0)(picture).max() == 2


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic"])
@pytest.mark.parametrize("size", [(5, 7), (20, 6), (1, 1)])
def test_resizing_is_the_oracles(interpolation, size, close):
    layer = Resizing(*size, interpolation=interpolation)
    close(layer(PICTURES), oracle.resize(PICTURES.numpy(), size, interpolation), 1e-5)


def test_resizing_with_antialias_sees_every_pixel(close):
    layer = Resizing(3, 5, antialias=True)
    close(layer(PICTURES), oracle.resize(PICTURES.numpy(), (3, 5), antialias=True), 1e-5)
    one = torch.zeros(1, 9, 9, 1)
    one[0, 0, 0, 0] = 1
    assert Resizing(1, 1, antialias=True)(one).item() > 0
    assert Resizing(1, 1)(one).item() == 0


def test_resizing_by_cutting(close):
    y = Resizing(6, 6, crop_to_aspect_ratio=True)(PICTURES)
    close(y, oracle.resize(PICTURES[:, :, 2:11].numpy(), (6, 6)), 1e-5)


def test_resizing_with_bars(close):
    y = Resizing(6, 6, pad_to_aspect_ratio=True)(PICTURES)
    padded = np.pad(PICTURES.numpy(), ((0, 0), (2, 2), (0, 0), (0, 0)))
    close(y, oracle.resize(padded, (6, 6)), 1e-5)


def test_the_books_crop():
    pictures = torch.rand(2, 427, 640, 3)
    y = CenterCrop(70, 120)(pictures)
    assert y.equal(pictures[:, 178:248, 260:380])


def test_center_crop_of_a_small_picture(close):
    y = CenterCrop(12, 12)(PICTURES)
    close(y, oracle.resize(PICTURES[:, :, 2:11].numpy(), (12, 12)), 1e-5)


@pytest.mark.parametrize("kind", [Resizing, CenterCrop])
def test_edges(kind):
    assert kind(1, 1)(torch.rand(1, 1, 1, 1)).shape == (1, 1, 1, 1)
    assert kind(5, 7).output_shape((None, None, None, 3)) == (None, 5, 7, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Rescaling("x"), 'Rescaling "rescaling": `scale` must be a number'),
        (lambda: Rescaling(1.0, None), "`offset` must be a number"),
        (lambda: Resizing(0, 3), 'Resizing "resizing": `height` must be a whole number of at'),
        (lambda: Resizing(3, 2.5), "`width` must be"),
        (
            lambda: Resizing(3, 3, interpolation="linear"),
            '`interpolation` must be one of "nearest", "bilinear", "bicubic".*"bilinear"',
        ),
        (lambda: Resizing(3, 3, antialias=1), "`antialias` must be True or False"),
        (
            lambda: Resizing(3, 3, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
            "`pad_to_aspect_ratio` must be False where crop_to_aspect_ratio is True",
        ),
        (lambda: CenterCrop(-1, 3), 'CenterCrop "center_crop": `height` must be'),
    ],
)
def test_error_words_of_arguments(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


@pytest.mark.parametrize("kind", [Resizing, CenterCrop])
def test_error_words_of_inputs(kind):
    with pytest.raises(ShapeError, match=r"must have 4 dimensions.*images\[None\] for one"):
        kind(3, 3)(torch.zeros(9, 9, 3))
    with pytest.raises(ShapeError, match="must have 4 dimensions"):
        kind(3, 3).output_shape((None, 9))
