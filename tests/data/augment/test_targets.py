import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data.augment import RandomResizedCrop, ShiftScaleRotate
from striate.data.augment.matrices import inverse, moved, product
from striate.data.augment.resample import bend_masks
from striate.data.augment.targets import ignore_lost, move_boxes, move_masks
from striate.records import Boxes, Masks

SIZE = (60, 80)


def one_box(*xyxy, dtype=torch.float64):
    corners = torch.tensor([[xyxy]], dtype=dtype)
    return Boxes(corners, torch.tensor([[4]]), torch.tensor([[True]]))


def drawn_matrix(seed, rotate=0.0):
    rng = np.random.default_rng(seed)
    bend = ShiftScaleRotate(shift=0.2, scale=0.3, rotate=rotate, shear=rotate / 2)
    first = bend.matrices(torch.from_numpy(rng.random((1, 6))), SIZE)
    crop = RandomResizedCrop((0.4, 1.0)).matrices(torch.from_numpy(rng.random((1, 23))), SIZE)
    return product(first, crop)


@given(st.integers(0, 9999), st.sampled_from([0.0, 40.0]))
def test_a_box_is_the_hull_of_its_rendered_self(seed, rotate):
    rng = np.random.default_rng(seed)
    left, top = rng.integers(0, 40), rng.integers(0, 30)
    right, bottom = left + rng.integers(12, 40), top + rng.integers(12, 30)
    mask = torch.zeros((1, *SIZE), dtype=torch.uint8)
    mask[0, top:bottom, left:right] = 1
    matrices = drawn_matrix(seed, rotate)
    seen = bend_masks(mask, matrices)[0] == 1
    got = move_boxes(one_box(left, top, right, bottom), matrices, SIZE, kept=0.0)
    if not bool(seen.any()):
        return
    rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
    hull = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    hull = torch.stack(hull).double()
    assert bool(got.valid[0, 0])
    got_hull = got.boxes_xyxy[0, 0]
    # Nearest pixels lie half a pixel off at most; a corner may be thinner than any pixel, and the
    # hull of a cut shape is smaller than the cut hull.
    inwards = torch.tensor([1.0, 1, -1, -1]) * (hull - got_hull)
    assert float(inwards.min()) > -1.01
    inside = got_hull * 1.0
    untouched = inside[0] > 0 and inside[1] > 0 and inside[2] < 80 and inside[3] < 60
    if untouched:
        assert float(inwards.max()) < 2.6


def test_identity_moves_no_box():
    boxes = one_box(3.25, 4.5, 30.0, 40.75, dtype=torch.float32)
    got = move_boxes(boxes, torch.eye(3).double()[None], SIZE, kept=1.0)
    assert got.boxes_xyxy.equal(boxes.boxes_xyxy)
    assert got.boxes_xyxy.dtype == torch.float32
    assert got.valid.all()
    assert got.labels.equal(boxes.labels)


def test_whole_pixels_move_whole_boxes():
    matrices = torch.tensor([[[-1.0, 0, 79], [0, 1, -5], [0, 0, 1]]]).double()
    got = move_boxes(one_box(10, 20, 30, 40), matrices, SIZE, kept=0.5)
    assert got.boxes_xyxy.tolist() == [[[50, 25, 70, 45]]]


@pytest.mark.parametrize(("kept", "stays"), [(0.24, True), (0.25, True), (0.26, False)])
def test_a_box_stays_with_enough_of_its_area(kept, stays):
    left = torch.tensor([[[1.0, 0, 15], [0, 1, 0], [0, 0, 1]]]).double()
    got = move_boxes(one_box(0, 10, 20, 30), left, SIZE, kept=kept)
    assert got.boxes_xyxy.tolist() == [[[0, 10, 5, 30]]]
    assert bool(got.valid) is stays
    gone = torch.tensor([[[1.0, 0, 25], [0, 1, 0], [0, 0, 1]]]).double()
    assert not bool(move_boxes(one_box(0, 10, 20, 30), gone, SIZE, kept=0.0).valid)


def test_padding_stays_padding():
    boxes = Boxes(torch.zeros(1, 2, 4), torch.zeros(1, 2), torch.tensor([[False, True]]))
    boxes.boxes_xyxy[0] = torch.tensor([[5.0, 5, 8, 8], [1.0, 1, 9, 9]])
    got = move_boxes(boxes, moved(torch.tensor([3.5]), torch.tensor([2.0])), SIZE, kept=0.0)
    assert got.valid.tolist() == [[False, True]]
    assert got.boxes_xyxy[0, 1].tolist() == [4.5, 3, 12.5, 11]
    assert got.boxes_xyxy[0, 0].tolist() == [5, 5, 8, 8]


def test_boxes_of_no_pictures_and_no_boxes():
    empty = Boxes(torch.zeros(2, 0, 4), torch.zeros(2, 0), torch.zeros(2, 0) > 0)
    got = move_boxes(empty, torch.eye(3).double().expand(2, 3, 3), SIZE, kept=0.5)
    assert got.boxes_xyxy.shape == (2, 0, 4)


def test_the_map_of_boxes_is_the_inverse_of_that_of_pixels():
    m = drawn_matrix(3, 30.0)
    point = torch.tensor([[[20.0], [30.0], [1.0]]]).double()
    assert torch.allclose(product(m, product(inverse(m), point)), point)


def test_masks_move_and_lose():
    masks = Masks(torch.randint(0, 5, (1, *SIZE), dtype=torch.uint8))
    m = drawn_matrix(1, 20.0)
    assert move_masks(masks, m).classes.equal(bend_masks(masks.classes, m))
    lost = torch.rand(1, *SIZE) < 0.3
    got = ignore_lost(masks, lost)
    assert bool((got.classes[lost] == 255).all())
    assert got.classes[~lost].equal(masks.classes[~lost])
