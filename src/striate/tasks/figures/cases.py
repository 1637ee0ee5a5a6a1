"""Pictures with what they are and what they were taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
from matplotlib.figure import Figure

from striate.tasks.figures.canvas import INK, ORANGE, as_shown, sheet, short, tiles
from striate.tasks.scoring.worst import Case

__all__ = ["cases_figure"]

_COLUMNS = 6


def cases_figure(images: npt.NDArray[Any], cases: Sequence[Case], *, title: str) -> Figure:
    """Pictures side by side, each with its classes and the classes that were said to be there.

    Args:
        images: (n, h, w, c) one a case.
        cases: in the order in which they are shown; mistakes are orange.
        title: of the sheet.
    """
    captions = [f"{_classes(case.truth)}\n{_said(case)}" for case in cases]
    columns = min(_COLUMNS, len(cases))
    rows = -(-len(cases) // columns)
    height, width = images.shape[1:3]
    figure = sheet(11.0, 0.6 + rows * (9.6 / columns * height / width + 0.45), title)
    colours = [INK if case.right else ORANGE for case in cases]
    tiles(figure, as_shown(images), columns=columns, captions=captions, colours=colours)
    return figure


def _classes(names: Sequence[str]) -> str:
    return short(", ".join(names) or "none of the classes")


def _said(case: Case) -> str:
    if case.right:
        sure = f"recognised, {case.said[0][1]:.0%}" if case.said else "recognised"
        return sure
    if not case.said:
        return "nothing was found"
    names = short(", ".join(name for name, _ in case.said))
    return f"taken for {names}, {case.said[0][1]:.0%}"
