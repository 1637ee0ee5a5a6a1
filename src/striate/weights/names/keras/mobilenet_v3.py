"""MobileNetV3 in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "conv",
    "conv_bn",
    "expanded_conv_{part:word}",
    "conv_1",
    "conv_1_bn",
    "conv_2",
    "logits",
)

MAPS = dict.fromkeys(
    ("mobilenet_v3_small", "mobilenet_v3_large"), (NameMap("keras", "keras", _RULES),)
)
