"""ResNet v2 in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "conv1_conv",
    "conv{s}_block{b}_preact_bn",
    "conv{s}_block{b}_{k}_conv",
    "conv{s}_block{b}_{k}_bn",
    "post_bn",
    "predictions",
)

MAPS = dict.fromkeys(
    ("resnet50_v2", "resnet101_v2", "resnet152_v2"), (NameMap("keras", "keras", _RULES),)
)
