"""Boxes and masks over a picture; tests/tasks/figures/test_batch.py looks at them in place."""

import numpy as np

from striate.tasks.figures.canvas import png, sheet
from striate.tasks.figures.overlays import class_colour, draw_boxes, draw_mask


def picture():
    figure = sheet(2.0, 2.0, "")
    axes = figure.subplots()
    axes.imshow(np.zeros((6, 8)))
    return figure, axes


def test_frames_have_the_colour_and_the_name_of_their_class():
    figure, axes = picture()
    boxes = np.array([[0.0, 0, 4, 2], [1, 2, 8, 6]])
    draw_boxes(axes, boxes, labels=[1, 0], class_names=["cat", "a very long name of a class, dog"])
    assert [text.get_text() for text in axes.texts] == ["a very long name of a cla…", "cat"]
    colours = [patch.get_edgecolor()[:3] for patch in axes.patches]
    assert colours[0] != colours[1]
    assert axes.get_xlim() == (-0.5, 7.5)
    assert png(figure)


def test_classes_next_to_each_other_have_different_colours():
    assert len({class_colour(number) for number in range(7)}) == 7


def test_a_mask_leaves_the_background_clear():
    figure, axes = picture()
    classes = np.array([[0, 1, 2, 255]] * 6, np.uint8)
    draw_mask(axes, classes)
    veil = axes.images[1].get_array()
    assert (veil[:, 0, 3] == 0).all()
    assert (veil[0, 1] != veil[0, 2]).any()
    assert veil[:, 3, 3].tolist() == [0, 1, 0, 0, 0, 1]
    assert png(figure)
