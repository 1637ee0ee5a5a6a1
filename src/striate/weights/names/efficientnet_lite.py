"""EfficientNet-Lite0 in L. Melas-Kyriazi's code, which counts the blocks of all stages in a row."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BLOCKS_A_STAGE = (1, 2, 2, 3, 3, 4, 1)
_INSIDE = (
    ("expand_conv", "_expand_conv"),
    ("expand_bn", "_bn0"),
    ("dwconv", "_depthwise_conv"),
    ("bn", "_bn1"),
    ("project_conv", "_project_conv"),
    ("project_bn", "_bn2"),
)
_BLOCKS = [
    f"block{stage}{letter}"
    for stage, count in enumerate(_BLOCKS_A_STAGE, 1)
    for letter in "abcd"[:count]
]
_RULES = (
    ("stem_conv", "_conv_stem"),
    ("stem_bn", "_bn0"),
    *(
        (f"{block}_{ours}", f"_blocks.{number}.{theirs}")
        for number, block in enumerate(_BLOCKS)
        for ours, theirs in _INSIDE
    ),
    ("top_conv", "_conv_head"),
    ("top_bn", "_bn1"),
    ("predictions", "_fc"),
)

MAPS = {"efficientnet_lite0": (NameMap("lukemelas", "paper", _RULES),)}
