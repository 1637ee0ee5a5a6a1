"""Axes as arguments: one whole number or several, checked, then counted from 0 for an input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _check

__all__ = ["parse_axes", "resolve_axes"]


def parse_axes(place: str, axis: Any) -> tuple[int, ...]:
    """The axes as given, one or several.

    Raises:
        ArgumentError: something that is no whole number, the first axis, which is the batch's, an
            axis named twice, or none.

    Example:
        >>> parse_axes("layer_norm", -1), parse_axes("layer_norm", [1, 2])
        ((-1,), (1, 2))
    """
    listed = axis if isinstance(axis, list | tuple) else (axis,)
    axes = tuple(_check.whole(place, "axis", each) for each in listed)
    if not axes:
        _check.fail(place, "axis", "name one axis or more", axis)
    if 0 in axes:
        fix = "Axis 0 is the batch's: each sample stands for itself."
        _check.fail(place, "axis", "be an axis of the sample, 1, 2, … or -1, -2, …", axis, fix)
    if len(set(axes)) < len(axes):
        _check.fail(place, "axis", "name each axis once", axis)
    return axes


def resolve_axes(place: str, axes: Sequence[int], shape: Sequence[Any]) -> tuple[int, ...]:
    """The axes of an input of this shape, counted from 0 and rising.

    Raises:
        ShapeError: an input without such an axis, or where two of them are the same.

    Example:
        >>> resolve_axes("layer_norm", (-1, 1), (2, 6, 5, 4))
        (1, 3)
    """
    rank = len(shape)
    found = tuple(sorted(axis + rank if axis < 0 else axis for axis in axes))
    if any(axis < 1 or axis >= rank for axis in found):
        most = max(axis + 1 if axis > 0 else 1 - axis for axis in axes)
        _check.shape_fail(place, f"have {most} dimensions or more for axis={tuple(axes)}", shape)
    if len(set(found)) < len(found):
        rule = f"have so many dimensions that axis={tuple(axes)} names each once"
        _check.shape_fail(place, rule, shape)
    return found
