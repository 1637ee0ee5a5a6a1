import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate import ops
from striate.errors import ArgumentError, ShapeError
from tests.oracle import crop as oracle

CORNER = st.floats(-0.4, 1.4).map(lambda v: round(v, 3))
SIZE = st.tuples(st.integers(1, 5), st.integers(1, 5))


def numbers(shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@given(
    before=st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 3)),
    boxes=st.lists(st.tuples(CORNER, CORNER, CORNER, CORNER), min_size=1, max_size=3),
    size=SIZE,
)
def test_boxes_are_the_twins(interpolation, before, boxes, size):
    x = numbers((2, *before))
    indices = [i % 2 for i in range(len(boxes))]
    given = {"interpolation": interpolation, "extrapolation_value": 9.0}
    got = ops.crop_and_resize(x, boxes, box_indices=indices, crop_size=size, **given)
    expected = oracle.crop_and_resize(x.numpy(), boxes, indices, size, **given)
    far = np.abs(got.numpy() - expected) > 1e-9
    for b, i, j in np.argwhere(far.any(axis=3)):  # only where rounding decides between two pixels
        places = (
            oracle.place(boxes[b][0], boxes[b][2], i, before[0], size[0]),
            oracle.place(boxes[b][1], boxes[b][3], j, before[1], size[1]),
        )
        step = 1.0 if interpolation == "bilinear" else 0.5
        assert any(abs(place / step - round(place / step)) < 1e-9 for place in places)


def test_by_hand(close):
    """Corners on the middles of pixels; outside a number; upside down where y1 > y2."""
    x = torch.arange(12.0).reshape(1, 3, 4, 1)
    whole = ops.crop_and_resize(x, [[0, 0, 1, 1]], box_indices=[0], crop_size=(3, 4))
    close(whole, x)
    turned = ops.crop_and_resize(x, [[1, 0, 0, 1]], box_indices=[0], crop_size=(3, 4))
    close(turned, x.flip(1))
    middle = ops.crop_and_resize(x, [[0, 0, 1, 1]], box_indices=[0], crop_size=1)
    assert middle.item() == 5.5
    beyond = ops.crop_and_resize(
        x, [[-1, 0, 1, 1]], box_indices=[0], crop_size=(3, 2), extrapolation_value=-1
    )
    assert beyond.flatten().tolist() == [-1, -1, 0, 3, 8, 11]


@pytest.mark.parametrize("count", [2, 7, 50, 224, 299])
@pytest.mark.parametrize("length", [2, 5, 97, 427, 640])
def test_the_last_row_is_never_outside_by_rounding(count, length):
    x = torch.ones(1, length, 1, 1)
    box = [[0.0, 0.0, 1.0, 1.0]]
    assert ops.crop_and_resize(x, box, box_indices=[0], crop_size=(count, 1)).min().item() == 1


def test_gradients_reach_pictures_and_boxes():
    x = numbers((2, 5, 4, 2)).requires_grad_()
    boxes = torch.tensor([[0.11, 0.23, 0.87, 0.71], [-0.2, 0.13, 0.77, 1.3]]).double()

    def run(x, boxes):
        return ops.crop_and_resize(x, boxes, box_indices=[1, 0], crop_size=(3, 4))

    assert torch.autograd.gradcheck(run, (x, boxes.requires_grad_()))


@given(
    size=SIZE,
    room=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    draws=st.lists(st.floats(0, 1, exclude_max=True, width=16), min_size=4, max_size=4),
)
def test_windows_are_the_twins(size, room, draws):
    x = numbers((2, size[0] + room[0], size[1] + room[1], 3))
    given = torch.tensor(draws).reshape(2, 2)
    got = ops.random_crop(x, size, draws=given)
    assert got.is_contiguous()
    np.testing.assert_array_equal(got, oracle.windows(x.numpy(), given.tolist(), size))


def test_every_place_is_as_likely():
    x = torch.arange(5.0).reshape(1, 1, 5, 1).expand(6000, -1, -1, -1)
    starts = ops.random_crop(x, (1, 2))[:, 0, 0, 0].long()
    assert scipy.stats.chisquare(torch.bincount(starts, minlength=4)).pvalue > 1e-4


def test_the_last_place_is_reached_and_not_passed():
    x = torch.arange(9.0).reshape(1, 1, 9, 1)
    last = torch.full((1, 2), 1 - 2**-24)
    assert ops.random_crop(x, (1, 1), draws=last).item() == 8.0


def test_gradients_of_windows():
    x = numbers((2, 4, 5, 2)).requires_grad_()
    draws = torch.tensor([[0.0, 0.6], [0.9, 0.3]])
    assert torch.autograd.gradcheck(lambda x: ops.random_crop(x, (2, 3), draws=draws), (x,))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"crop_size": 0}, "`crop_size` must be a whole number of at least 1"),
        ({"interpolation": "bicubic"}, "`interpolation` must be one of"),
        ({"box_indices": [2]}, r"`box_indices` must name pictures of the batch, 0 to 1. Got"),
        ({"box_indices": [-1]}, r"`box_indices` must name pictures of the batch, 0 to 1. Got"),
    ],
)
def test_error_words_of_crop_and_resize(given, words):
    good = {"box_indices": [0], "crop_size": 2}
    with pytest.raises(ArgumentError, match=f"crop_and_resize: {words}"):
        ops.crop_and_resize(torch.zeros(2, 3, 3, 1), [[0, 0, 1, 1]], **{**good, **given})


@pytest.mark.parametrize("boxes", [[[0, 0, 1]], [0, 0, 1, 1], [[0, 0, 1, 1], [0, 0, 1, 1]]])
def test_error_words_of_shapes(boxes):
    words = r"crop_and_resize: `boxes` must be \(b, 4\), with b box_indices. Got boxes"
    with pytest.raises(ShapeError, match=words):
        ops.crop_and_resize(torch.zeros(1, 3, 3, 1), boxes, box_indices=[0], crop_size=2)
    with pytest.raises(ShapeError, match="crop_and_resize: input must have 4 dimensions"):
        ops.crop_and_resize(torch.zeros(3, 3, 1), boxes, box_indices=[0], crop_size=2)


def test_error_words_of_random_crop():
    x = torch.zeros(2, 3, 4, 1)
    with pytest.raises(ArgumentError, match="random_crop: `size` must be a whole number"):
        ops.random_crop(x, (0, 2))
    words = "random_crop: input must be at least as large as the window, 4x4. Got input"
    with pytest.raises(ShapeError, match=words):
        ops.random_crop(x, (4, 4))
    with pytest.raises(ShapeError, match="random_crop: input must have 4 dimensions"):
        ops.random_crop(x[0], (2, 2))
    with pytest.raises(ShapeError, match=r"`draws` must be \(n, 2\), two for each picture. Got"):
        ops.random_crop(x, (2, 2), draws=torch.zeros(2))
