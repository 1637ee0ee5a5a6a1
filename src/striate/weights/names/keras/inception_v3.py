"""Inception v3 in Keras, where no layer but the last has a name of its own."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("{part:word}_conv", "conv2d#"),
    ("{part:word}_bn", "batch_normalization#"),
    *unchanged("predictions"),
)

MAPS = {"inception_v3": (NameMap("keras", "keras", _RULES),)}
