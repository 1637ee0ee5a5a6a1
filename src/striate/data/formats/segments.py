"""Outlines and run lengths of COCO's segmentations: whether they can be drawn."""

from __future__ import annotations

import math
from typing import Any

from striate.data.formats.documents import is_number

__all__ = ["rle_counts", "segment_fault"]


def segment_fault(segmentation: Any, size_px: tuple[int, int]) -> str:
    """Why a segmentation cannot be drawn; empty if it can.

    A list of polygons, each of at least 3 corners x, y, x, y, …; or run lengths, column by
    column, first of the background, as a list or as COCO's string, which must make up the
    picture. No segmentation at all, or an empty list, is none to draw.

    Args:
        segmentation: as JSON has it.
        size_px: (h, w) of the picture.

    Example:
        >>> segment_fault([[0, 0, 4, 0, 4, 4]], (8, 8))
        ''
        >>> segment_fault({"size": [2, 2], "counts": [1, 2]}, (2, 2))
        'its run lengths make up 3 pixels of 4'
    """
    if segmentation is None or segmentation == []:
        return ""
    if isinstance(segmentation, list):
        return next(filter(None, map(_polygon_fault, segmentation)), "")
    if not isinstance(segmentation, dict):
        return "its segmentation is neither polygons nor run lengths"
    if segmentation.get("size") != list(size_px):
        got, wanted = segmentation.get("size"), list(size_px)
        return f"its run lengths are of size {got}, the picture of {wanted}"
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        counts = rle_counts(counts)
    if not isinstance(counts, list) or not all(
        type(count) is int and count >= 0 for count in counts
    ):
        return "its run lengths cannot be read"
    pixels, total = sum(counts), math.prod(size_px)
    return "" if pixels == total else f"its run lengths make up {pixels:,} pixels of {total:,}"


def rle_counts(text: str) -> list[int] | None:
    """The run lengths that COCO's string stands for; None where it stands for none.

    A number is written in groups of 5 bits, the lowest first, each as the character of 48 + 32
    (more groups follow) + group; the last group's bit 4 is the sign. From the fourth number on,
    what is written is the difference to the number two before it.
    """
    counts: list[int] = []
    value, shift = 0, 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64 or shift > 60:
            return None
        value |= (code & 31) << shift
        shift += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value, shift = 0, 0
    return None if shift else counts


def _polygon_fault(polygon: Any) -> str:
    if not isinstance(polygon, list) or len(polygon) < 6 or len(polygon) % 2:
        return "a polygon of its segmentation has no 3 corners x, y"
    if not all(map(is_number, polygon)):
        return "a polygon of its segmentation has a corner that is no number"
    return ""
