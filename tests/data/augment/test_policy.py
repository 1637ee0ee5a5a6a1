from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.data import ArraySource, Loader
from striate.data.augment import (
    Brightness,
    Contrast,
    CutMix,
    Erasing,
    HorizontalFlip,
    Hue,
    Lighting,
    MixUp,
    Policy,
    RandAugment,
    RandomResizedCrop,
    Saturation,
    ShiftScaleRotate,
    VerticalFlip,
    policy,
)
from striate.data.augment.resample import resample
from striate.errors import ArgumentError, ShapeError
from striate.ops.random import draw_id, fold, uniform
from striate.records import Batch, Boxes, Masks

EVERYTHING = Policy(
    (
        HorizontalFlip(),
        VerticalFlip(p=0.3),
        ShiftScaleRotate(shift=0.1, scale=0.2, rotate=20.0, shear=5.0, p=0.8),
        RandomResizedCrop((0.5, 1.0), p=0.7),
        Brightness(0.3),
        Contrast(0.3, p=0.6),
        Saturation(0.5),
        Hue(0.1),
        Lighting(0.2),
        RandAugment(2, 12, p=0.9),
        Erasing(p=0.6),
    )
)
IMAGES = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (24, 21, 26, 3), np.uint8))


def batch(ids, targets=None):
    ids = torch.as_tensor(ids)
    return Batch(IMAGES[ids], targets, None, ids)


def rich(ids):
    """Targets with boxes, masks and classes of these samples."""
    ids = torch.as_tensor(ids)
    corners = torch.stack([ids % 7, ids % 5, ids % 7 + 9, ids % 5 + 11], dim=1).float()[:, None]
    boxes = Boxes(corners, ids[:, None] % 3, torch.ones(len(ids), 1, dtype=torch.bool))
    masks = Masks((IMAGES[ids][..., 0] // 64).to(torch.uint8))
    return batch(ids, {"boxes": boxes, "masks": masks, "label": ids % 4})


def run(ids, epoch=1, seed=5, made=batch):
    return EVERYTHING(made(ids), seed=seed, epoch=epoch)


@given(st.permutations(range(24)), st.lists(st.integers(1, 23), max_size=4))
def test_a_sample_is_the_same_in_any_batch(order, cuts):
    whole = run(list(range(24)))
    ends = sorted({0, 24, *cuts})
    for start, stop in pairwise(ends):
        ids = order[start:stop]
        assert run(ids).images.equal(whole.images[torch.tensor(ids)])


def test_boxes_and_masks_of_a_sample_are_the_same_in_any_batch():
    whole = run(range(8), made=rich).targets
    parts = [run(range(3), made=rich).targets, run(range(3, 8), made=rich).targets]
    for name, field in (("boxes", "boxes_xyxy"), ("boxes", "valid"), ("masks", "classes")):
        got = torch.cat([getattr(part[name], field) for part in parts])
        assert got.equal(getattr(whole[name], field))
    assert whole["label"].equal(torch.arange(8) % 4)


def test_threads_of_the_loader_and_a_late_start_change_nothing():
    found = {}
    for threads, start in ((0, 0), (2, 0), (1, 2)):
        loader = Loader(ArraySource(IMAGES), 5, shuffle=True, seed=3, threads=threads)
        steps = enumerate(loader.epoch(4, start_step=start), start)
        found[threads, start] = [
            EVERYTHING(each, seed=3, epoch=4, step=step).images for step, each in steps
        ]
    first = found[0, 0]
    assert all(a.equal(b) for a, b in zip(first, found[2, 0], strict=True))
    assert all(a.equal(b) for a, b in zip(first[2:], found[1, 2], strict=True))


def test_threads_of_torch_change_nothing():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = run(range(24)).images
        torch.set_num_threads(3)
        assert run(range(24)).images.equal(one)
    finally:
        torch.set_num_threads(before)


def test_another_epoch_seed_sample_or_place_draws_anew():
    first = run(range(24)).images
    for other in (run(range(24), epoch=2), run(range(24), seed=6)):
        changed = (other.images != first).flatten(1).any(1)
        assert int(changed.sum()) >= 23
    same = Batch(IMAGES[:1].expand(8, -1, -1, -1), None, None, torch.arange(8))
    seen = EVERYTHING(same, seed=0, epoch=0).images
    assert len({each.numpy().tobytes() for each in seen}) == 8
    twice = Policy((Brightness(0.5), Brightness(0.5)))
    drawn = [twice._drawn(torch.arange(4), place) for place in (0, 1)]
    assert not drawn[0].equal(drawn[1])


def test_amounts_of_0_change_no_bit():
    still = Policy(
        (
            HorizontalFlip(p=0.0),
            ShiftScaleRotate(),
            RandomResizedCrop((1.0, 1.0), (1.0, 1.0)),
            Brightness(0.0),
            Contrast(0.0),
            Saturation(0.0),
            Hue(0.0),
            Lighting(0.0),
            RandAugment(p=0.0),
            Erasing(p=0.0),
        )
    )
    square = IMAGES[:, :, :21].contiguous()
    given = Batch(square, Masks(square[..., 0]), None, torch.arange(24))
    got = still(given, seed=0, epoch=0)
    assert got.images.equal(square)
    assert got.targets.classes.equal(square[..., 0])


def test_p_is_the_part_that_is_changed():
    ids = torch.arange(4000)
    images = torch.tensor([0, 255], dtype=torch.uint8).reshape(1, 1, 2, 1).expand(4000, 1, 2, 1)
    given = Batch(images.contiguous(), None, None, ids)
    for p in (0.1, 0.5):
        for seed in (0, 1):
            got = Policy((HorizontalFlip(p=p),))(given, seed=seed, epoch=0).images
            part = float((got != images).all(dim=(1, 2, 3)).float().mean())
            assert abs(part - p) < 0.025


def test_geometry_is_one_reading_by_the_product_of_the_maps():
    first, second = ShiftScaleRotate(rotate=30.0), RandomResizedCrop((0.3, 0.8))
    whole = Policy((first, second), outside=9)
    got = whole(batch(range(4)), seed=1, epoch=2).images
    key, ids = fold(1, 2), torch.arange(4)
    u = uniform(key, ids, draw_id("0 ShiftScaleRotate"), (6,)).double()
    v = uniform(key, ids, draw_id("1 RandomResizedCrop"), (23,)).double()
    maps = first.matrices(u, (21, 26)) @ second.matrices(v, (21, 26))
    expected = resample(IMAGES[:4], maps, None, outside=9)
    assert (got.int() - expected.int()).abs().max() <= 1


def test_what_lies_outside_is_reflected_but_grey_where_things_have_places():
    away = Policy((ShiftScaleRotate(shift=1.0),))
    seen = away(batch(range(24)), seed=0, epoch=0).images
    grey = away(rich(range(24)), seed=0, epoch=0).images
    assert not (seen == 127).all(-1).any()
    assert (grey == 127).all(-1).float().mean() > 0.3
    chosen = Policy((ShiftScaleRotate(shift=1.0),), outside="reflected")
    assert chosen(rich(range(24)), seed=0, epoch=0).images.equal(seen)


def test_boxes_move_with_what_they_hold():
    x = torch.zeros((30, 64, 96, 3), dtype=torch.uint8)
    x[:, 20:44, 30:66] = 250
    corners = torch.tensor([[[30.0, 20, 66, 44]]]).expand(30, 1, 4).clone()
    boxes = Boxes(corners, torch.zeros(30, 1), torch.ones(30, 1, dtype=torch.bool))
    masks = Masks(x[..., 0] // 250)
    moved = Policy(
        (HorizontalFlip(), VerticalFlip(), ShiftScaleRotate(shift=0.2, scale=0.2)), outside=0
    )
    got = moved(Batch(x, (boxes, masks), None, torch.arange(30)), seed=0, epoch=0)
    moved_boxes, moved_masks = got.targets
    for picture, mask, box in zip(
        got.images, moved_masks.classes, moved_boxes.boxes_xyxy[:, 0], strict=True
    ):
        for seen in (picture[..., 0] > 125, mask == 1):
            rows, columns = seen.any(1).nonzero(), seen.any(0).nonzero()
            hull = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            assert (torch.stack(hull) - box).abs().max() <= 1.01


def test_erased_pixels_are_ignored_in_masks():
    for p, least in ((1.0, 0.15), (0.6, 0.05)):
        got = Policy((Erasing((0.2, 0.3), p=p),))(rich(range(9)), seed=0, epoch=0)
        lost = got.targets["masks"].classes == 255
        assert least < float(lost.float().mean()) < 0.35 * p
        kept = (got.images == IMAGES[:9]).all(-1)
        assert bool((kept | lost).all())
        assert bool((~kept[lost]).float().mean() > 0.99)


def test_mixing_is_a_function_of_seed_epoch_and_step():
    mixed = Policy((MixUp(0.8, classes=4, p=0.5), CutMix(classes=4, p=0.5)))
    given = batch(range(6), torch.arange(6) % 4)

    def mix(seed, epoch, step):
        return mixed(given, seed=seed, epoch=epoch, step=step)

    again = mix(0, 1, 2)
    assert again.images.equal(mix(0, 1, 2).images)
    assert again.targets.equal(mix(0, 1, 2).targets)
    for other in ((1, 1, 2), (0, 2, 2), (0, 1, 3), (-1, 1, 2)):
        assert not mix(*other).targets.equal(again.targets)
    kinds = {bool((mix(0, 0, s).images == IMAGES[:6]).all(-1).any()) for s in range(20)}
    assert kinds == {True, False}


def test_batches_that_are_not_mixed_have_soft_targets_too():
    never = Policy((MixUp(classes=4, p=0.0),))
    got = never(batch(range(4), torch.arange(4)), seed=0, epoch=0)
    assert got.targets.equal(torch.eye(4))
    assert got.images.equal(IMAGES[:4])


def test_the_batch_is_left_as_it_is():
    given, before = rich(range(6)), IMAGES.clone()
    corners = given.targets["boxes"].boxes_xyxy.clone()
    EVERYTHING(given, seed=0, epoch=0)
    assert IMAGES.equal(before)
    assert given.images.equal(before[:6])
    assert given.targets["boxes"].boxes_xyxy.equal(corners)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 2), (3, 1)])
def test_small_pictures(size):
    given = Batch(torch.full((2, *size, 3), 9, dtype=torch.uint8), None, None, torch.arange(2))
    assert EVERYTHING(given, seed=0, epoch=0).images.shape == (2, *size, 3)


def test_weights_and_sample_ids_stay():
    given = Batch(IMAGES[:3], torch.arange(3), torch.rand(3), torch.tensor([9, 4, 7]))
    got = policy("standard")(given, seed=0, epoch=0)
    assert got.weights is given.weights
    assert got.sample_ids is given.sample_ids


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"transforms": ("flip",)}, "`transforms` must hold transforms. Got transforms='flip'"),
        (
            {"transforms": (Brightness(), HorizontalFlip())},
            "`transforms` must stand in the order in which they are applied: geometric ones, "
            r"colours, RandAugment, Erasing, MixUp and CutMix. Got .*'Brightness', 'Horizont",
        ),
        ({"transforms": (MixUp(), CutMix())}, "`transforms` must mix a batch once at most.*=2.0"),
        ({"outside": "black"}, '`outside` must be one of "reflected", "edge"'),
        ({"outside": 256}, "`outside` must be a number from 0 to 255"),
        ({"kept": 1.5}, "`kept` must be a number from 0 to 1"),
    ],
)
def test_error_words(given, words):
    with pytest.raises(ArgumentError, match=f"Policy: {words}"):
        Policy(**given)


def test_error_words_of_batches():
    flip, ids = Policy((HorizontalFlip(),)), torch.arange(2)
    with pytest.raises(ArgumentError, match=r"augment: `images` must be uint8. Got.*Rescaling"):
        flip(Batch(torch.zeros(2, 3, 3, 1), None, None, ids), seed=0, epoch=0)
    with pytest.raises(ArgumentError, match="augment: `images` must be one tensor of pictures"):
        flip(Batch((IMAGES[:2], IMAGES[:2]), None, None, ids), seed=0, epoch=0)
    with pytest.raises(ShapeError, match="augment: input must have 4 dimensions"):
        flip(Batch(IMAGES[:2, 0], None, None, ids), seed=0, epoch=0)
    with pytest.raises(ArgumentError, match=r"augment: `batch` must have sample ids.*Loader"):
        flip(Batch(IMAGES[:2]), seed=0, epoch=0)
