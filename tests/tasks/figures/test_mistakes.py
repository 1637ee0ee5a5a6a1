"""The worst pictures come first, with what they are and what they were taken for."""

import numpy as np

from striate.tasks.figures import mistakes_figure, png
from striate.tasks.figures.canvas import INK, ORANGE

P = np.array([[0.9, 0.1], [0.2, 0.8], [0.55, 0.45], [0.97, 0.03]])
LABELS = np.array([0, 0, 1, 1])


def draw(chosen, mistakes):
    images = np.arange(4, dtype=np.uint8)[:, None, None, None] * np.full((1, 5, 5, 1), 50, np.uint8)
    return mistakes_figure(
        images[chosen],
        P[chosen],
        LABELS[chosen],
        class_names=["cat", "dog"],
        mistakes=mistakes,
        pictures=4,
    )


def test_captions_name_truth_and_guess():
    figure = draw([3, 1, 2, 0], 3)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == [
        "dog\ntaken for cat, 97%",
        "cat\ntaken for dog, 80%",
        "dog\ntaken for cat, 55%",
        "cat\nrecognised, 90%",
    ]
    assert [text.get_color() for text in axes.texts] == [ORANGE] * 3 + [INK]
    assert np.allclose(axes.images[0].get_array(), 150 / 255)
    assert figure.get_suptitle() == "3 mistakes on 4 held-out pictures, then the least certain"


def test_the_title_says_what_is_shown():
    assert draw([3, 1], 3).get_suptitle().endswith("pictures, the worst 2")
    assert draw([3, 1, 2], 3).get_suptitle().endswith("pictures, the worst first")


def test_a_name_with_two_dollar_signs_is_no_formula():
    images = np.zeros((1, 5, 5, 1), np.uint8)
    names = [r"$\frac$", r"$\sqrt{$"]
    figure = mistakes_figure(images, P[:1], LABELS[2:3], class_names=names, mistakes=1, pictures=1)
    assert png(figure)
