"""GoogLeNet of 3 × 3 windows in torchvision."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BRANCHES = (  # ours, theirs: the longer before those that it begins with
    ("1x1", "branch1"),
    ("3x3_reduce", "branch2.0"),
    ("3x3", "branch2.1"),
    ("5x5_reduce", "branch3.0"),
    ("5x5", "branch3.1"),
    ("pool_proj", "branch4.1"),
)
_RULES = (
    ("conv1_{kind:word}", "conv1.{kind}"),
    ("conv2_reduce_{kind:word}", "conv2.{kind}"),
    ("conv2_{kind:word}", "conv3.{kind}"),
    *(
        (
            f"inception_{{n}}{{m:letter}}_{ours}_{{kind:word}}",
            f"inception{{n}}{{m:letter}}.{theirs}.{{kind}}",
        )
        for ours, theirs in _BRANCHES
    ),
    ("aux{n}_predictions", "aux{n}.fc2"),
    ("aux{n}_fc", "aux{n}.fc1"),
    ("aux{n}_{kind:word}", "aux{n}.conv.{kind}"),
    ("predictions", "fc"),
)

MAPS = {"googlenet_3x3": (NameMap("torchvision", "torchvision", _RULES),)}
