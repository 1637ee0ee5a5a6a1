"""The losses of a sweep over learning rates, and the rate that it suggests."""

from __future__ import annotations

from matplotlib.figure import Figure

from striate.tasks.figures.canvas import BLUE, GREY, INK, ORANGE, plain_axes, sheet
from striate.train import LearningRateSweep

__all__ = ["lr_find_figure"]

_HEADROOM = 1.25


def lr_find_figure(sweep: LearningRateSweep, *, title: str) -> Figure:
    """Loss over learning rate, each step and smoothed; a line marks the suggestion.

    What rises far above the first losses is cut off, so that the valley is seen.

    Args:
        sweep: what `lr_find` gave.
        title: above the axes.
    """
    figure = sheet(7.0, 4.0, title)
    axes = figure.subplots()
    plain_axes(axes, x_label="learning rate", y_label="loss")
    axes.set_xscale("log")
    axes.plot(sweep.rates, sweep.losses, ".", color=GREY, markersize=4, label="each step")
    axes.plot(sweep.rates, sweep.smoothed, "-", color=BLUE, label="smoothed")
    if sweep.suggestion is not None:
        text = f"suggested peak: {sweep.suggestion:.2g}"
        axes.axvline(sweep.suggestion, color=ORANGE, linestyle="--", label=text)
    if sweep.smoothed:
        least, first = min(sweep.smoothed), sweep.smoothed[0]
        if first > least:
            margin = (_HEADROOM - 1.0) * (first - least)
            axes.set_ylim(least - 2 * margin, first + 2 * margin)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK)
    return figure
