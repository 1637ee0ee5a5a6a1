"""Boxes: without area, outside, twice, and measured in a picture of another size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from striate.data.boxes import BoxTable
from striate.data.doctor.finding import Finding
from striate.data.doctor.pictures import Pictures

__all__ = ["box_faults"]

_NO_EXTENT_PX, _OUTSIDE_PX = 1.0, 1.0


def box_faults(pictures: Pictures) -> Iterator[Finding]:
    """What is wrong with the boxes of each picture.

    A side of 1 pixel or less is no extent, for VOC writes a side of 0 so. A box may lie outside
    by a rounded pixel. Sizes in annotations are compared with those of the upright picture.
    """
    for part, index in pictures.indices.items():
        if index.boxes is None or index.sizes_px is None:
            continue
        begin = pictures.begins[part]
        for own in range(len(index)):
            fact = pictures.facts[begin + own]
            size = (int(fact["height"]), int(fact["width"]))
            said = (int(index.sizes_px[own][0]), int(index.sizes_px[own][1]))
            path = str(index.paths[own])
            if size[0] and said != size:
                yield Finding.of("box_sizes", _sizes_text(said, size), [path])
            yield from _of_one(index.boxes[own], said, index.class_names, path)


def _sizes_text(said: tuple[int, int], size: tuple[int, int]) -> str:
    text = f"Annotated as {said[0]} × {said[1]}, it has {size[0]} × {size[1]} pixels"
    turned = ": the annotation is of the picture before it is turned upright"
    return f"{text}{turned if said == size[::-1] else ''}."


def _of_one(
    boxes: BoxTable, size: tuple[int, int], names: tuple[str, ...], path: str
) -> Iterator[Finding]:
    corners = boxes.boxes_xyxy
    limits = np.array([size[1], size[0], size[1], size[0]])
    extents = corners[:, 2:] - corners[:, :2]
    outside = np.maximum(-corners, corners - limits).max(axis=1) if len(corners) else np.zeros(0)

    def words(place: int) -> str:
        numbers = ", ".join(f"{value:g}" for value in corners[place])
        reference = boxes.references[place]
        return f'The box {numbers} of "{names[boxes.labels[place]]}" (number {reference})'

    for place in map(int, np.flatnonzero((extents <= _NO_EXTENT_PX).any(axis=1))):
        sides = " × ".join(f"{side:g}" for side in extents[place])
        yield Finding.of("box_empty", f"{words(place)} is {sides} pixels wide and high.", [path])
    for place in map(int, np.flatnonzero(outside > _OUTSIDE_PX)):
        far = f"leaves the picture of {size[0]} × {size[1]} pixels by {outside[place]:g}"
        yield Finding.of("box_outside", f"{words(place)} {far}.", [path])
    seen: set[tuple[float, ...]] = set()
    for place in range(len(corners)):
        key = (*corners[place].tolist(), float(boxes.labels[place]))
        if key in seen:
            yield Finding.of("box_duplicate", f"{words(place)} stands there again.", [path])
        seen.add(key)
