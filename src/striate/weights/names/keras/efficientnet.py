"""EfficientNet in Keras, where the normalisation of the picture has no name of its own."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("normalization", "normalization#"),
    *unchanged(
        "stem_conv",
        "stem_bn",
        "block{s}{b:letter}_{part:word}",
        "top_conv",
        "top_bn",
        "predictions",
    ),
)

MAPS = {f"efficientnet_b{n}": (NameMap("keras", "keras", _RULES),) for n in range(8)}
