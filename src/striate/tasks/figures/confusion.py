"""The confusion matrix: which classes were taken for which."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from striate.tasks.figures.canvas import INK, sheet, short
from striate.tasks.scoring.scores import Scores

__all__ = ["confusion_figure"]

_MOST_NUMBERED, _MOST_NAMED = 30, 60


def confusion_figure(scores: Scores) -> Figure:
    """The confusion matrix: rows are the true classes, columns the predicted ones.

    The colour is the part of the row, so that rare classes are seen too; the numbers are
    pictures. Above 30 classes the numbers are left out, above 60 the names.

    Args:
        scores: of a classifier.
    """
    matrix = np.array(scores.confusion)
    names = [short(each.name) for each in scores.classes]
    count = len(names)
    side = min(15.7, max(5.5, 2.0 + 0.55 * min(count, _MOST_NUMBERED)))
    title = (
        f"{scores.part.capitalize()}: {scores.accuracy:.1%} of {scores.pictures:,} pictures "
        "recognised"
    )
    figure = sheet(side + 1.3, side, title)
    axes = figure.subplots()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    bar = figure.colorbar(image, ax=axes, shrink=0.8, format=lambda x, _: f"{x:.0%}")
    bar.set_label("part of the true class", fontsize=9, color=INK)
    bar.ax.tick_params(labelsize=8)
    axes.set_xlabel("predicted", fontsize=10, color=INK)
    axes.set_ylabel("true", fontsize=10, color=INK)
    if count <= _MOST_NAMED:
        size = 9 if count <= _MOST_NUMBERED else 6
        style: dict[str, Any] = {"fontsize": size, "parse_math": False}
        axes.set_xticks(range(count), names, rotation=45, ha="right", **style)
        axes.set_yticks(range(count), names, **style)
    if count <= _MOST_NUMBERED:
        size = 9 if matrix.max() < 1000 else 8
        for (row, column), number in np.ndenumerate(matrix):
            if number:
                colour = "white" if shares[row, column] > 0.55 else INK
                letters = axes.text(column, row, f"{number}", color=colour, fontsize=size)
                letters.set(ha="center", va="center")
    return figure
