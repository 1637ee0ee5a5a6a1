"""What a position of a layer can see of the picture, and how much of it it hears."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from striate.explain import EffectiveField
from striate.tasks.figures.canvas import BLUE, INK, ORANGE, sheet

__all__ = ["receptive_field_figure"]

_SHARE = 0.95
_MARGIN = 0.02


def receptive_field_figure(found: EffectiveField, *, title: str) -> Figure:
    """The energy of the gradient over the picture, with the frames of both fields.

    Lightness is the logarithm of the energy, so that the faint parts are seen too; blue is the
    theoretical window, orange the square that holds 95 % of the energy.

    Args:
        found: of a layer.
        title: above the picture.
    """
    figure = sheet(6.2, 6.0, title)
    axes = figure.subplots()
    h, w = found.energy.shape
    least = float(found.energy.max()) * 1e-6
    shown = np.log10(np.maximum(found.energy, least) / least) / 6.0
    axes.imshow(
        shown, cmap="gray", vmin=0.0, vmax=1.0, extent=(0, w, h, 0), interpolation="nearest"
    )
    top, left, bottom, right = found.window
    row, column = found.middle
    side = found.side_px(_SHARE)
    size = f"{right - left:g} × {bottom - top:g}"
    _frame(axes, (left, top, right - left, bottom - top), BLUE, f"can see: {size} pixels")
    corner = (column - side / 2, row - side / 2, side, side)
    _frame(axes, corner, ORANGE, f"95 % of the gradient: {side} × {side}")
    seen_w, seen_h = max(w, right) - min(0, left), max(h, bottom) - min(0, top)
    axes.set_xlim(min(0, left) - seen_w * _MARGIN, max(w, right) + seen_w * _MARGIN)
    axes.set_ylim(max(h, bottom) + seen_h * _MARGIN, min(0, top) - seen_h * _MARGIN)
    axes.tick_params(colors=INK, labelsize=9)
    axes.set_facecolor("#e8e8e8")
    axes.set_xlabel("pixels; lightness is the logarithm of the gradient's energy", fontsize=9)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=2, frameon=False, fontsize=9)
    return figure


def _frame(axes: Axes, box: tuple[float, float, float, float], colour: str, label: str) -> None:
    x, y, width, height = box
    axes.add_patch(
        Rectangle((x, y), width, height, fill=False, edgecolor=colour, linewidth=1.6, label=label)
    )
