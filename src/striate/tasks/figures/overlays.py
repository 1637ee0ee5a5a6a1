"""Boxes and masks drawn over a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Rectangle

from striate.records import IGNORED_PIXEL
from striate.tasks.figures.canvas import short

__all__ = ["class_colour", "draw_boxes", "draw_mask"]

_COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
"""Okabe and Ito's, which colour-blind eyes tell apart; black is left out."""

_SHARE = 0.45


def class_colour(number: int) -> str:
    """The colour of a class; every seventh has the same.

    Example:
        >>> class_colour(0) == class_colour(7)
        True
    """
    return _COLOURS[number % len(_COLOURS)]


def draw_boxes(
    axes: Axes,
    boxes_xyxy: npt.NDArray[np.float64],
    *,
    labels: Sequence[int],
    class_names: Sequence[str],
) -> None:
    """Frames around boxes (b, 4) in pixels, each with the name of its class inside.

    Args:
        axes: with the picture, whose pixel i has its centre at i.
        boxes_xyxy: left, top, right, bottom; right and bottom exclusive.
        labels: class numbers.
        class_names: in the order of the class numbers.
    """
    for (left, top, right, bottom), label in zip(boxes_xyxy.tolist(), labels, strict=True):
        colour = class_colour(label)
        corner = (left - 0.5, top - 0.5)
        frame = Rectangle(corner, right - left, bottom - top, fill=False, ec=colour, lw=1.2)
        axes.add_patch(frame)
        axes.annotate(
            short(class_names[label]),
            corner,
            xytext=(1, -1),
            textcoords="offset points",
            va="top",
            fontsize=5,
            color="black",
            bbox={"boxstyle": "square,pad=0.1", "fc": colour, "ec": "none"},
            clip_on=True,
            parse_math=False,
        )


def draw_mask(axes: Axes, classes: npt.NDArray[np.uint8]) -> None:
    """A veil of each class's colour over its pixels (h, w); 0 has none, 255 is hatched in black.

    Args:
        axes: with the picture.
        classes: class numbers; 0 is taken for the background.
    """
    palette = to_rgba_array([class_colour(number - 1) for number in range(256)], alpha=_SHARE)
    palette[0] = (0.0, 0.0, 0.0, 0.0)
    palette[IGNORED_PIXEL] = (0.0, 0.0, 0.0, 0.0)
    veil = palette[classes]
    row, column = np.indices(classes.shape)
    striped = (classes == IGNORED_PIXEL) & ((row + column) % 4 == 0)
    veil[striped] = (0.0, 0.0, 0.0, 1.0)
    axes.imshow(veil, interpolation="nearest")
