"""MobileNet in Keras."""

from __future__ import annotations

from ...keras_naming import unchanged
from ...name_maps import NameMap

__all__ = ["MAPS"]

_RULES = unchanged(
    "conv1",
    "conv1_bn",
    "conv_dw_{n}",
    "conv_dw_{n}_bn",
    "conv_pw_{n}",
    "conv_pw_{n}_bn",
    "conv_preds",
)

MAPS = dict.fromkeys(
    ("mobilenet_v1", "mobilenet_v1_075", "mobilenet_v1_050", "mobilenet_v1_025"),
    (NameMap("keras", "keras", _RULES),),
)
