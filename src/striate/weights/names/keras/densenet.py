"""DenseNet in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "conv1_conv",
    "conv1_bn",
    "conv{s}_block{b}_{k}_bn",
    "conv{s}_block{b}_{k}_conv",
    "pool{s}_bn",
    "pool{s}_conv",
    "bn",
    "predictions",
)

MAPS = dict.fromkeys(
    ("densenet121", "densenet169", "densenet201"), (NameMap("keras", "keras", _RULES),)
)
