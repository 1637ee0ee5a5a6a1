"""What all pictures share: sheet, colours, letters, tiles, and the bytes of the PNG.

Titles and captions are written as they stand: a name with two $ in it is no formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "ORANGE",
    "as_shown",
    "maps",
    "panes",
    "plain_axes",
    "png",
    "sheet",
    "short",
    "tiles",
]

INK, GREY, BLUE, ORANGE = "#222222", "#8a8a8a", "#0072b2", "#d55e00"
"""Okabe and Ito's blue and vermilion stay apart for colour-blind eyes, and so do their greys."""

_DPI = 110
_MARGIN_IN, _GAP_IN = 0.08, 0.15
_CAPTION, _LINE_IN, _LETTER_IN = 8, 0.14, 0.066  # points; what a line and a letter take of these
_LONGEST_LABEL = 26
_FINE_PX = 64  # the least side of a map's picture, so that gaps may be narrow


def sheet(width_in: float, height_in: float, title: str) -> Figure:
    """An empty white sheet with a title."""
    figure = Figure(
        figsize=(width_in, height_in),
        dpi=_DPI,
        facecolor="white",
        layout=ConstrainedLayoutEngine(w_pad=_MARGIN_IN, h_pad=_MARGIN_IN),
    )
    figure.suptitle(title, fontsize=12, color=INK, parse_math=False)
    return figure


def png(figure: Figure) -> bytes:
    """The sheet as the bytes of a PNG file, the same for the same sheet."""
    file = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(file, metadata={"Software": None})  # `savefig` draws twice
    return file.getvalue()


def plain_axes(axes: Axes, *, x_label: str, y_label: str) -> None:
    """Axes with a light grid and no frame above and right."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(x_label, fontsize=10, color=INK)
    axes.set_ylabel(y_label, fontsize=10, color=INK)


def as_shown(images: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n, h, w, 1 or 3) numbers as pictures of 0..1, of which grey ones lose the last axis."""
    whole = images.dtype == np.uint8
    shown = images.astype(np.float32) / (255.0 if whole else 1.0)
    if not whole and (shown.min() < 0.0 or shown.max() > 1.0):
        low, high = float(shown.min()), float(shown.max())
        shown = (shown - low) / (high - low)
    return shown[..., 0] if shown.shape[-1] == 1 else shown


def tiles(
    figure: Figure,
    images: npt.NDArray[Any],
    *,
    columns: int,
    captions: Sequence[str],
    colours: Sequence[str] = (),
) -> None:
    """Pictures side by side, each with a caption below it, all in one pair of axes.

    Letters are smaller where a caption would not fit below its picture.

    Args:
        figure: the sheet.
        images: (n, h, w) grey or (n, h, w, 3), as `as_shown` gives them.
        columns: pictures in a row.
        captions: one a picture.
        colours: of the captions.
    """
    height, width = images.shape[1:3]
    lines = [caption.split("\n") for caption in captions]
    longest = max(len(line) for caption in lines for line in caption)
    wide_in = (figure.get_figwidth() - 2 * _MARGIN_IN) / columns
    pixel_in = (wide_in - _GAP_IN) / width
    below_in = max(map(len, lines)) * _LINE_IN + _GAP_IN
    right, down = wide_in / pixel_in, height + below_in / pixel_in
    size = _CAPTION * min(1.0, wide_in / (max(longest, 1) * _LETTER_IN))
    axes = figure.subplots()
    axes.set_axis_off()
    for place, (image, caption) in enumerate(zip(images, captions, strict=True)):
        x, y = place % columns * right, place // columns * down
        extent = (x, x + width, y + height, y)
        axes.imshow(image, cmap="gray", vmin=0.0, vmax=1.0, interpolation="nearest", extent=extent)
        axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor="#cccccc", lw=0.8))
        axes.annotate(
            caption,
            (x + width / 2, y + height),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=size,
            color=colours[place] if colours else INK,
            parse_math=False,
        )
    axes.set_xlim(-_GAP_IN / 2 / pixel_in, columns * right - _GAP_IN / 2 / pixel_in)
    axes.set_ylim(-(-len(images) // columns) * down, -0.02 / pixel_in)


def panes(figure: Any, images: npt.NDArray[Any], *, columns: int, captions: Sequence[str]) -> None:
    """Pictures side by side, each in axes of its own, to be drawn upon, with a caption below it.

    Args:
        figure: the sheet, or a part of it.
        images: (n, h, w) grey or (n, h, w, 3), as `as_shown` gives them.
        columns: pictures in a row.
        captions: one a picture.
    """
    grid = figure.subplots(-(-len(images) // columns), columns, squeeze=False)
    for axes in grid.flat[len(images) :]:
        axes.set_visible(False)
    for axes, image, caption in zip(grid.flat, images, captions, strict=False):
        axes.set_xticks([])
        axes.set_yticks([])
        axes.imshow(image, cmap="gray", vmin=0.0, vmax=1.0, interpolation="nearest")
        for spine in axes.spines.values():
            spine.set_color("#cccccc")
        axes.set_xlabel(caption, fontsize=_CAPTION, color=INK, labelpad=3, parse_math=False)


def maps(figure: Any, content: npt.NDArray[Any], *, columns: int) -> None:
    """Maps side by side as one picture, each from its least number, dark, to its greatest.

    Args:
        figure: the sheet, or a part of it.
        content: (n, h, w) numbers.
        columns: maps in a row.
    """
    count, height, width = content.shape
    low = content.min(axis=(1, 2), keepdims=True)
    span = content.max(axis=(1, 2), keepdims=True) - low
    shown = (content - low) / np.where(span > 0, span, 1)
    times = -(-_FINE_PX // max(height, width))
    shown = shown.repeat(times, axis=1).repeat(times, axis=2)
    rows, gap = -(-count // columns), max(height, width) * times // 16
    h, w = height * times + gap, width * times + gap
    whole = np.full((rows * h - gap, columns * w - gap), np.nan)  # what is no number stays white
    for place, each in enumerate(shown):
        top, left = place // columns * h, place % columns * w
        whole[top : top + h - gap, left : left + w - gap] = each
    axes = figure.subplots()
    axes.set_axis_off()
    axes.imshow(whole, cmap="viridis", vmin=0.0, vmax=1.0, interpolation="nearest")


def short(text: str) -> str:
    """A label that fits: its beginning where it is long."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
