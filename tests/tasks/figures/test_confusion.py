"""The confusion matrix that is drawn is the one that was counted."""

import numpy as np
import pytest

from striate.tasks.figures import confusion_figure, png
from striate.tasks.scoring.scores import scores_of


def scores(count, rng, pictures=300):
    labels = rng.integers(0, count, pictures)
    predicted = np.where(rng.random(pictures) < 0.6, labels, rng.integers(0, count, pictures))
    names = [f"class {number}" for number in range(count)]
    return scores_of(np.eye(count)[predicted], labels, class_names=names, part="test"), (
        labels,
        predicted,
    )


def test_numbers_and_colours_are_the_counts(rng):
    found, (labels, predicted) = scores(4, rng)
    expected = np.zeros((4, 4), int)
    np.add.at(expected, (labels, predicted), 1)
    axes, _ = confusion_figure(found).axes
    shown = np.zeros((4, 4), int)
    for text in axes.texts:
        column, row = text.get_position()
        shown[row, column] = int(text.get_text())
    assert np.array_equal(shown, expected)
    shares = expected / expected.sum(axis=1, keepdims=True)
    assert np.allclose(axes.images[0].get_array(), shares)
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [f"class {number}" for number in range(4)]
    assert axes.get_ylabel() == "true"


def test_numbers_stand_out_from_their_cell(rng):
    axes, _ = confusion_figure(scores(3, rng)[0]).axes
    shares = axes.images[0].get_array()
    for text in axes.texts:
        column, row = text.get_position()
        cell = axes.images[0].cmap(axes.images[0].norm(shares[row, column]))
        light = 1.0 if text.get_color() == "white" else 0.13
        assert abs(np.mean(cell[:3]) - light) > 0.3


def test_a_class_without_pictures_is_an_empty_row():
    found = scores_of(np.eye(2), np.zeros(2, int), class_names=["a", "b"], part="test")
    axes, _ = confusion_figure(found).axes
    assert axes.images[0].get_array().tolist() == [[0.5, 0.5], [0.0, 0.0]]


@pytest.mark.parametrize(("count", "numbers", "names"), [(30, True, True), (31, False, True)])
def test_many_classes_lose_their_numbers_first(rng, count, numbers, names):
    axes, _ = confusion_figure(scores(count, rng)[0]).axes
    assert bool(axes.texts) == numbers
    assert (len(axes.get_yticklabels()) == count) == names


def test_very_many_classes_still_fit_a_sheet(rng):
    figure = confusion_figure(scores(100, rng)[0])
    assert max(figure.get_size_inches()) <= 17
    assert len(png(figure)) > 1000


def test_a_name_with_two_dollar_signs_is_no_formula():
    names = [r"$\frac$", r"$\sqrt{$"]
    found = scores_of(np.eye(2), np.arange(2), class_names=names, part="test")
    assert png(confusion_figure(found))
