"""A batch as the net sees it: fitted, shuffled, augmented, scaled, with what is to be learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from striate import structure
from striate.records import Batch, Boxes, Masks, Preprocess
from striate.tasks.figures.canvas import as_shown, panes, sheet, short, tiles
from striate.tasks.figures.overlays import draw_boxes, draw_mask

__all__ = ["batch_figure"]

_MOST, _COLUMNS = 32, 8
_MOST_PLACED, _COLUMNS_PLACED = 16, 4  # where boxes or masks are looked at
_TITLE = "The first training batch as the net sees it"


def batch_figure(
    batch: Batch, preprocess: Preprocess, *, class_names: Sequence[str], title: str = _TITLE
) -> Figure:
    """The first pictures of a batch, as the net gets them, each with its targets.

    Args:
        batch: images, and for targets a structure of class numbers; of (n, q) parts of each class,
            as mixing makes them, or 0 and 1 where there may be several; of `Boxes`; of `Masks`.
            32 pictures at most are shown, 16 larger ones where there are boxes or masks.
        preprocess: applied to the images first.
        class_names: in the order of the class numbers.
        title: what the batch is; the size of the pictures is added.
    """
    targets = [] if batch.targets is None else structure.leaves(batch.targets)
    placed = any(isinstance(leaf, Boxes | Masks) for leaf in targets)
    most, columns = (_MOST_PLACED, _COLUMNS_PLACED) if placed else (_MOST, _COLUMNS)
    images = preprocess.apply(batch.images[:most]).float().cpu().numpy()
    count, height, width, channels = images.shape
    captions = [
        short(", ".join(filter(None, (_caption(leaf, row, class_names) for leaf in targets))))
        for row in range(count)
    ]
    rows = -(-count // columns)
    colour = "grey" if channels == 1 else "colour"
    title = f"{title}: {height} × {width} pixels, {colour}"
    figure = sheet(10.0, 0.6 + rows * (9.2 / columns * height / width + 0.3), title)
    if not placed:
        tiles(figure, as_shown(images), columns=columns, captions=captions)
        return figure
    panes(figure, as_shown(images), columns=columns, captions=captions)
    for row, axes in enumerate(figure.axes[:count]):
        for leaf in targets:
            if isinstance(leaf, Masks):
                draw_mask(axes, leaf.classes[row].cpu().numpy())
            elif isinstance(leaf, Boxes):
                corners, labels = _boxes_of(leaf, row)
                draw_boxes(axes, corners.numpy(), labels=labels, class_names=class_names)
    return figure


def _boxes_of(boxes: Boxes, row: int) -> tuple[Tensor, list[int]]:
    """Corners and class numbers of a picture's boxes."""
    valid = boxes.valid[row]
    corners = boxes.boxes_xyxy[row][valid].to("cpu", torch.float64)
    labels: list[int] = boxes.labels[row][valid].to(torch.int64).tolist()
    return corners, labels


def _caption(leaf: Any, row: int, class_names: Sequence[str]) -> str:
    """What is to be learned of a picture, in words; nothing for a mask."""
    if isinstance(leaf, Masks):
        return ""
    if isinstance(leaf, Boxes):
        counts = Counter(_boxes_of(leaf, row)[1])
        return ", ".join(
            class_names[label] if times == 1 else f"{times} × {class_names[label]}"
            for label, times in counts.items()
        )
    target = leaf[row]
    if target.dim() == 0:
        return class_names[int(target)]
    there = [
        name if part == 1.0 else f"{part:.0%} {name}"
        for name, part in zip(class_names, target.tolist(), strict=True)
        if part > 0.0
    ]
    return ", ".join(there) or "none"
