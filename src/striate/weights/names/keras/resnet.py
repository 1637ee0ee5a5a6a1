"""ResNet in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "conv1_conv",
    "conv1_bn",
    "conv{s}_block{b}_{k}_conv",
    "conv{s}_block{b}_{k}_bn",
    "predictions",
)

MAPS = dict.fromkeys(("resnet50", "resnet101", "resnet152"), (NameMap("keras", "keras", _RULES),))
