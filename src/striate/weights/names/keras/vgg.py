"""VGG in Keras, which computes as the paper's."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "block{s}_conv{k}",
    "fc{k}",
    "predictions",
)

_BOTH = tuple(NameMap("keras", dialect, _RULES) for dialect in ("keras", "paper"))

MAPS = dict.fromkeys(("vgg16", "vgg19"), _BOTH)
