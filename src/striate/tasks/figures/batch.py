"""A batch as the net sees it: after fitting, scaling and shuffling, with its labels."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from striate.records import Batch, Preprocess
from striate.tasks.figures.canvas import as_shown, sheet, short, tiles

__all__ = ["batch_figure"]

_MOST, _COLUMNS = 32, 8


def batch_figure(batch: Batch, preprocess: Preprocess, *, class_names: Sequence[str]) -> Figure:
    """The first pictures of a batch, as the net gets them, each with its class below.

    Args:
        batch: images and class numbers; 32 pictures at most are shown.
        preprocess: applied to the images first.
        class_names: in the order of the class numbers.
    """
    images = preprocess.apply(batch.images[:_MOST]).float().cpu().numpy()
    count, height, width, channels = images.shape
    names = [short(class_names[int(label)]) for label in batch.targets[:_MOST]]
    rows = -(-count // _COLUMNS)
    colour = "grey" if channels == 1 else "colour"
    title = f"The first training batch as the net sees it: {height} × {width} pixels, {colour}"
    figure = sheet(10.0, 0.6 + rows * (1.15 * height / width + 0.3), title)
    tiles(figure, as_shown(images), columns=_COLUMNS, captions=names)
    return figure
