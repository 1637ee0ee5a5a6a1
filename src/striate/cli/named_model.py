"""What MODEL of a command means: a model or run folder, or a net's name."""

from __future__ import annotations

import functools
import os
from typing import Any

import striate
from striate import _check
from striate.shapes import MOST_SIDE_PX

__all__ = ["named_model", "named_sketch"]


def named_model(
    place: str,
    name: str,
    *,
    size: int | None = None,
    classes: int | None = None,
    channels: int | None = None,
    dialect: str | None = None,
    is_sketch: bool = False,
) -> Any:
    """The model.

    Args:
        place: the command, for the message.
        name: a folder; or "convnet", an architecture or a net of the books, with random weights.
        size, classes, channels: of convnet and of an architecture. Default None: 128, 10 and 3 of
            convnet, the paper's of an architecture. Other nets have their own; a size may be said
            of one that leaves it open.
        dialect: of an architecture. Default None: the paper's.
        is_sketch: whether an architecture's weights may be left out, so that it needs no memory.

    Raises:
        ArgumentError: neither a folder nor a net's name; a dialect, classes or channels of
            something else; pictures that are too small for the architecture, or not the net's.
        WeightsError: a folder that holds no whole model.
    """
    is_folder = os.path.exists(name) or os.sep in name
    if not is_folder and name in striate.architectures.ARCHITECTURES:
        build = striate.architectures.ARCHITECTURES.get(name)
        height, width, depth = build.input_shape
        if size is not None:
            height = width = _checked_size(place, name, size, build.least_px)
        shape = (height, width, depth if channels is None else channels)
        make = functools.partial(striate.architectures.sketch, name) if is_sketch else build
        return make(shape, classes=classes, dialect=dialect or "paper")
    if dialect is not None:
        fix = "striate models ls names them, and their dialects."
        _check.fail(place, "dialect", "stand beside the name of an architecture", dialect, fix)
    if is_folder:
        return _as_it_is(place, striate.load_model(name), size, classes, channels)
    if name == "convnet":
        sizes = [usual if own is None else own for usual, own in ((128, size), (3, channels))]
        shape = (sizes[0], sizes[0], sizes[1])
        return striate.tasks.convnet.convnet(shape, 10 if classes is None else classes)
    if name in striate.recipes.NETS:
        return _as_it_is(place, striate.recipes.NETS.get(name)(), size, classes, channels)
    known = ["convnet", *striate.recipes.NETS, *striate.architectures.ARCHITECTURES]
    near = ", ".join(_check.nearest(name, known))
    fix = f"Nearest: {near}. striate models ls prints more. Or is a folder's path wrong?"
    _check.fail(place, "model", "be the name of a net, or a model or run folder", name, fix)


def named_sketch(place: str, text: str, *, size: int | None = None) -> Any:
    """The model that NET[:DIALECT] or a folder names; an architecture without its weights.

    Args:
        place: the command, for the message.
        text: as the user wrote it.
        size: as in `named_model`.

    Raises:
        ArgumentError: as in `named_model`.
        WeightsError: a folder that holds no whole model.
    """
    name, _, dialect = (text, "", "") if os.path.exists(text) else text.partition(":")
    return named_model(place, name, size=size, dialect=dialect or None, is_sketch=True)


def _as_it_is(
    place: str, net: Any, size: int | None, classes: int | None, channels: int | None
) -> Any:
    """A net that has its own size, classes and channels: no others may be said."""
    for word, value in (("classes", classes), ("channels", channels)):
        if value is not None:
            rule = "stand beside convnet or the name of an architecture"
            _check.fail(place, word, rule, value, "Leave it out: this net has its own.")
    own = net.inputs[0].shape[1:-1]
    if size is not None and any(side not in (None, size) for side in own):
        rule = f"be the model's own, {' × '.join(map(str, own))}"
        _check.fail(place, "size", rule, size, "Leave it out.")
    return net


def _checked_size(place: str, name: str, size: int, least_px: int) -> int:
    if size < least_px:
        rule = f"be at least {least_px} pixels for {name}"
        _check.fail(place, "size", rule, size, f"Use --size {least_px}, or more.")
    if size > MOST_SIDE_PX:
        rule = f"be at most {MOST_SIDE_PX} pixels"
        _check.fail(place, "size", rule, size, "Larger pictures are looked at in parts.")
    return size
