"""Pre-activated ResNet in timm."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BLOCK = ("conv{s}_block{b}", "stages.{s-2}.blocks.{b-1}")
_INSIDE = (
    ("preact_bn", "norm1"),
    ("1_bn", "norm2"),
    ("2_bn", "norm3"),
    ("0_conv", "downsample.conv"),
    ("{k}_conv", "conv{k}"),
)
_RULES = (
    ("conv1_conv", "stem.conv"),
    *((f"{_BLOCK[0]}_{ours}", f"{_BLOCK[1]}.{theirs}") for ours, theirs in _INSIDE),
    ("post_bn", "norm"),
    ("predictions", "head.fc"),
)

MAPS = dict.fromkeys(
    ("resnet50_v2", "resnet101_v2", "resnet152_v2"),
    (NameMap("timm", "timm", _RULES, axes=(("head.fc.weight", 4),)),),
)
