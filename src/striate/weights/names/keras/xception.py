"""Xception in Keras, where the shortcuts have no names of their own."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("block{n}_shortcut", "conv2d#"),
    ("block{n}_shortcut_bn", "batch_normalization#"),
    *unchanged(
        "block{n}_conv{k}",
        "block{n}_conv{k}_bn",
        "block{n}_sepconv{k}",
        "block{n}_sepconv{k}_bn",
        "predictions",
    ),
)

_BOTH = tuple(NameMap("keras", dialect, _RULES) for dialect in ("keras", "paper"))

MAPS = {"xception": _BOTH}
