import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from striate.errors import ArgumentError
from striate.records import IGNORED_PIXEL, Batch, Boxes, Masks, Preprocess


def boxes(n=2, b=3, **changes):
    parts = {
        "boxes_xyxy": torch.zeros(n, b, 4),
        "labels": torch.zeros(n, b, dtype=torch.int64),
        "valid": torch.ones(n, b, dtype=torch.bool),
    }
    return Boxes(**{**parts, **changes})


def test_boxes_keep_what_they_are_given():
    made = boxes()
    assert made.boxes_xyxy.shape == (2, 3, 4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.labels = None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"boxes_xyxy": torch.zeros(2, 3)}, r"`boxes_xyxy` must have shape \(n, b, 4\)"),
        ({"boxes_xyxy": torch.zeros(2, 3, 5)}, r"Got boxes_xyxy=\(2, 3, 5\)"),
        ({"labels": torch.zeros(2, 4)}, r"`labels` must have shape \(n, b\) = \(2, 3\)"),
        ({"valid": torch.ones(1, 3, dtype=torch.bool)}, r"`valid` must have shape"),
        ({"valid": torch.ones(2, 3)}, r"`valid` must be a boolean tensor"),
    ],
)
def test_boxes_refuse(changes, words):
    with pytest.raises(ArgumentError, match=words):
        boxes(**changes)


def test_masks_say_which_pixels_count():
    classes = torch.tensor([[[0, IGNORED_PIXEL]]], dtype=torch.uint8)
    assert Masks(classes).valid.tolist() == [[[True, False]]]


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (torch.zeros(4, 4, dtype=torch.uint8), r"`classes` must have shape \(n, h, w\)"),
        (torch.zeros(1, 4, 4), "`classes` must be uint8"),
    ],
)
def test_masks_refuse(classes, words):
    with pytest.raises(ArgumentError, match=words):
        Masks(classes)


IMAGES = torch.zeros(4, 2, 2, 1)


@pytest.mark.parametrize(
    "value", [IMAGES, (IMAGES,), [IMAGES, torch.zeros(4)], (IMAGES, torch.zeros(4), torch.ones(4))]
)
def test_batch_of_the_usual_forms(value):
    batch = Batch.of(value)
    assert len(batch) == 4
    assert Batch.of(batch) is batch


def test_batch_takes_structures():
    batch = Batch({"left": IMAGES, "right": IMAGES}, (torch.zeros(4), {"x": torch.zeros(4, 2)}))
    assert len(batch) == 4


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"targets": torch.zeros(3)}, r"`targets` must have the batch's 4 samples\. Got .*\(3,\)"),
        ({"targets": (torch.zeros(4), torch.zeros(5, 2))}, r"\(5, 2\)"),
        ({"weights": torch.ones(5)}, "`weights` must have the batch's 4 samples"),
        ({"sample_ids": torch.arange(3)}, "`sample_ids` must have"),
    ],
)
def test_batch_refuses_parts_of_another_length(parts, words):
    with pytest.raises(ArgumentError, match=words):
        Batch(IMAGES, **parts)


@pytest.mark.parametrize("value", ["images", 3, (1, 2, 3, 4), ()])
def test_batch_refuses_what_is_none(value):
    with pytest.raises(ArgumentError, match="must be a Batch, images"):
        Batch.of(value)


def test_the_identity_only_casts():
    pictures = torch.arange(12, dtype=torch.uint8).reshape(1, 2, 2, 3)
    made = Preprocess()
    assert made.is_identity
    assert made.apply(pictures).equal(pictures.float())
    x = torch.rand(1, 2, 2, 3)
    assert made.apply(x) is x


@pytest.mark.parametrize(
    "changes", [{"scale": 0.5}, {"mean": (1,)}, {"std": (2,)}, {"order": "bgr"}], ids=str
)
def test_anything_else_is_not_the_identity(changes):
    assert not Preprocess(**changes).is_identity


@given(
    scale=st.floats(0.01, 2),
    mean=st.tuples(*[st.floats(-2, 2)] * 3),
    std=st.tuples(*[st.floats(0.1, 2)] * 3),
    order=st.sampled_from(["rgb", "bgr"]),
)
def test_apply_is_the_formula(scale, mean, std, order):
    pictures = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 3), dtype=np.uint8)
    made = Preprocess(scale=scale, mean=mean, std=std, order=order)
    x = pictures.astype(np.float64)[..., ::-1] if order == "bgr" else pictures.astype(np.float64)
    expected = (x * scale - np.array(mean)) / np.array(std)
    got = made.apply(torch.from_numpy(pictures)).numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


def test_one_number_serves_all_channels():
    got = Preprocess(mean=(1.0,), std=(2.0,)).apply(torch.full((1, 1, 1, 3), 5.0))
    assert got.flatten().tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 0}, "`size` must be a whole number of at least 1"),
        ({"short_side_px": 0}, "`short_side_px` must be a whole number of at least 1"),
        ({"short_side_px": 256}, '`short_side_px` must stand beside fit="crop" and a size'),
        (
            {"short_side_px": 200, "fit": "crop", "size": 224},
            r"Got short_side_px=200. Here fit='crop' and size=\(224, 224\)\.",
        ),
        ({"fit": "stretch"}, '`fit` must be one of "squash", "crop", "pad"'),
        ({"interpolation": "cubic"}, 'Did you mean "bicubic"'),
        ({"order": "gbr"}, "`order` must be one of"),
        ({"channels": 4}, "`channels` must be 1, 3 or None"),
        ({"std": (1.0, 0.0)}, "`std` must be positive"),
        ({"scale": "1/255"}, "`scale` must be a number"),
        ({"scale": float("inf")}, "`scale` must be finite"),
        ({"scale": None}, "`scale` must be a number"),
        ({"mean": 0.5}, r"`mean` must be a tuple of numbers.*For example mean=\(0\.5,\)"),
        ({"mean": ()}, "`mean` must be a tuple of numbers"),
        ({"mean": "12"}, "`mean` must be a tuple of numbers"),
        ({"mean": ["a"]}, "`mean` must be a number"),
        ({"mean": [[1.0]]}, "`mean` must be a number"),
        ({"mean": (float("nan"),)}, "`mean` must be a number"),
        ({"std": None}, "`std` must be a tuple of numbers"),
        ({"std": (float("inf"),)}, "`std` must be finite"),
    ],
)
def test_preprocess_refuses(changes, words):
    with pytest.raises(ArgumentError, match=words):
        Preprocess(**changes)


def test_preprocess_is_normalised_at_birth():
    made = Preprocess(size=[4, 5], mean=[1, 2, 3])
    assert (made.size, made.mean) == ((4, 5), (1.0, 2.0, 3.0))
    assert Preprocess(size=8).size == (8, 8)
    assert Preprocess(mean=np.array([1, 2])).mean == (1.0, 2.0)
    assert type(Preprocess(scale=1).scale) is float
