"""The worst mistakes: pictures whose true class the net gave the least probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from striate._counted import counted
from striate.tasks.figures.canvas import INK, ORANGE, as_shown, sheet, short, tiles

__all__ = ["mistakes_figure"]

_COLUMNS = 6


def mistakes_figure(
    images: npt.NDArray[Any],
    probabilities: npt.NDArray[Any],
    labels: npt.NDArray[np.int64],
    *,
    class_names: Sequence[str],
    mistakes: int,
    pictures: int,
) -> Figure:
    """Pictures with their true class, the class that was predicted, and its probability.

    Args:
        images: (n, h, w, c) the pictures to show, worst first.
        probabilities: (n, q) of these.
        labels: (n,) of these.
        class_names: in the order of the class numbers.
        mistakes: how many there were in all.
        pictures: of how many.
    """
    captions, colours = [], []
    for row, label in zip(probabilities, labels, strict=True):
        guess = int(row.argmax())
        true = short(class_names[label])
        if guess == label:
            captions.append(f"{true}\nrecognised, {row[guess]:.0%}")
        else:
            captions.append(f"{true}\ntaken for {short(class_names[guess])}, {row[guess]:.0%}")
        colours.append(INK if guess == label else ORANGE)
    shown = f"the worst {len(images)}" if len(images) < mistakes else "the worst first"
    if mistakes < len(images):
        shown = "then the least certain"
    asked = counted(pictures, "held-out picture")
    title = f"{counted(mistakes, 'mistake')} on {asked}, {shown}"
    rows = -(-len(images) // _COLUMNS)
    height, width = images.shape[1:3]
    figure = sheet(11.0, 0.6 + rows * (1.6 * height / width + 0.45), title)
    tiles(figure, as_shown(images), columns=_COLUMNS, captions=captions, colours=colours)
    return figure
