"""EfficientNetV2 in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "stem_conv",
    "stem_bn",
    "block{s}{b:letter}_{part:word}",
    "top_conv",
    "top_bn",
    "predictions",
)

MAPS = dict.fromkeys(("efficientnet_v2_s",), (NameMap("keras", "keras", _RULES),))
