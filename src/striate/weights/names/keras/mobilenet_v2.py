"""MobileNetV2 in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "Conv1",
    "bn_Conv1",
    "expanded_conv_{part:word}",
    "block_{n}_{part:word}",
    "Conv_1",
    "Conv_1_bn",
    "predictions",
)

MAPS = dict.fromkeys(("mobilenet_v2",), (NameMap("keras", "keras", _RULES),))
