"""The first batch is drawn as the net sees it."""

import numpy as np
import torch

from striate.data.augment import policy
from striate.records import Batch, Boxes, Masks, Preprocess
from striate.tasks.figures import batch_figure, png


def test_pictures_and_names_are_those_of_the_batch():
    images = torch.randint(0, 256, (40, 6, 9, 3), dtype=torch.uint8)
    batch = Batch(images, torch.arange(40) % 3)
    preprocess = Preprocess(scale=1 / 255, order="bgr")
    figure = batch_figure(batch, preprocess, class_names=["a", "b", "c"])
    assert figure.get_suptitle() == (
        "The first training batch as the net sees it: 6 × 9 pixels, colour"
    )
    (axes,) = figure.axes
    assert len(axes.images) == 32
    assert [text.get_text() for text in axes.texts[:4]] == ["a", "b", "c", "a"]
    shown = axes.images[5].get_array()
    assert np.allclose(shown, images[5].flip(-1) / 255, atol=1e-6)


def test_a_small_batch_fills_only_its_places():
    batch = Batch(torch.zeros(3, 4, 4, 1, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64))
    figure = batch_figure(batch, Preprocess(scale=1 / 255), class_names=["only"])
    assert len(figure.axes[0].images) == 3
    assert "grey" in figure.get_suptitle()


def captions(targets, **words):
    images = torch.zeros(2, 8, 8, 1, dtype=torch.uint8)
    figure = batch_figure(
        Batch(images, targets), Preprocess(scale=1 / 255), class_names=["cat", "dog"], **words
    )
    written = [text.get_text() for text in figure.axes[0].texts]
    return written if len(figure.axes) == 1 else [axes.get_xlabel() for axes in figure.axes[:2]]


def test_parts_of_classes_are_named():
    assert captions(torch.tensor([[1.0, 0.0], [0.25, 0.75]])) == ["cat", "25% cat, 75% dog"]
    assert captions(torch.tensor([[1.0, 1.0], [0.0, 0.0]])) == ["cat, dog", "none"]
    assert captions(None) == ["", ""]


def test_a_name_with_two_dollar_signs_is_no_formula():
    names, images = [r"$\frac$"], torch.zeros(1, 8, 8, 1, dtype=torch.uint8)
    corners, number = torch.tensor([[[1.0, 1, 4, 4]]]), torch.zeros(1, 1, dtype=torch.int64)
    boxes = Boxes(corners, number, number == 0)
    for targets in (number[0], boxes):
        batch = Batch(images, targets)
        figure = batch_figure(batch, Preprocess(scale=1 / 255), class_names=names, title=names[0])
        assert png(figure)


def test_the_title_is_what_is_asked_for():
    batch = Batch(torch.zeros(1, 8, 9, 1, dtype=torch.uint8))
    figure = batch_figure(batch, Preprocess(scale=1 / 255), class_names=[], title="Three photos")
    assert figure.get_suptitle() == "Three photos: 8 × 9 pixels, grey"


def test_boxes_and_masks_lie_over_their_pictures():
    corners = torch.tensor([[[1.0, 2, 5, 7], [0, 0, 3, 3]], [[2.0, 2, 4, 4], [0, 0, 0, 0]]])
    valid = torch.tensor([[True, True], [True, False]])
    boxes = Boxes(corners, torch.tensor([[1, 1], [0, 0]]), valid)
    masks = Masks(torch.zeros(2, 8, 8, dtype=torch.uint8))
    masks.classes[0, 1, 1], masks.classes[0, 0] = 2, 255
    assert captions(boxes) == ["2 × dog", "cat"]
    assert captions((boxes, torch.tensor([1, 0]))) == ["2 × dog, dog", "cat, cat"]
    images = torch.zeros(2, 8, 8, 1, dtype=torch.uint8)
    batch = Batch(images, {"boxes": boxes, "masks": masks})
    figure = batch_figure(batch, Preprocess(scale=1 / 255), class_names=["cat", "dog"])
    frames = [patch.get_bbox().extents.tolist() for patch in figure.axes[0].patches]
    assert frames == [[0.5, 1.5, 4.5, 6.5], [-0.5, -0.5, 2.5, 2.5]]
    assert len(figure.axes[1].patches) == 1
    veil = figure.axes[0].images[1].get_array()
    assert veil[1, 1, 3] == 0.45
    assert veil[5, 5, 3] == 0.0
    assert veil[0, :, 3].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]


def test_an_augmented_batch_is_drawn_whole():
    images = torch.randint(0, 256, (4, 16, 16, 3), dtype=torch.uint8)
    batch = Batch(images, torch.tensor([0, 1, 0, 1]), None, torch.arange(4))
    changed = policy("strong", classes=2)(batch, seed=0, epoch=0)
    assert png(batch_figure(changed, Preprocess(scale=1 / 255), class_names=["a", "b"]))[1:4] == (
        b"PNG"
    )
