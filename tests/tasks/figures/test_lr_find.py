"""The figure of a sweep shows its numbers and its suggestion."""

import pytest

from striate.tasks.figures import lr_find_figure, png
from striate.train import LearningRateSweep

RATES = (0.001, 0.01, 0.1, 1.0)
SWEEP = LearningRateSweep(RATES, (2.0, 1.5, 1.0, 80.0), (2.1, 1.4, 1.1, 60.0), 0.01)


def test_points_line_and_suggestion():
    figure = lr_find_figure(SWEEP, title="run-1")
    assert figure.get_suptitle() == "run-1"
    (axes,) = figure.axes
    steps, smoothed, suggestion = axes.lines
    assert axes.get_xscale() == "log"
    assert tuple(steps.get_xdata()) == tuple(smoothed.get_xdata()) == RATES
    assert tuple(steps.get_ydata()) == SWEEP.losses
    assert tuple(smoothed.get_ydata()) == SWEEP.smoothed
    assert list(suggestion.get_xdata()) == [0.01, 0.01]
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts == ["each step", "smoothed", "suggested peak: 0.01"]
    low, high = axes.get_ylim()
    assert low < 1.0
    assert 2.1 < high < 5  # the rise at the end is cut off
    assert png(figure)


@pytest.mark.parametrize(
    "sweep",
    [LearningRateSweep((), (), (), None), LearningRateSweep((0.1,), (1.0,), (1.0,), None)],
)
def test_a_sweep_without_a_suggestion(sweep):
    figure = lr_find_figure(sweep, title="")
    assert len(figure.axes[0].lines) == 2
    assert png(figure)
