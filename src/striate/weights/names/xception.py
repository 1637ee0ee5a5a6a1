"""Xception in timm, from R. Cadene's code."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_ENTRY = {"block1_conv1": 1, "block1_conv2": 2}
_EXIT = {"block14_sepconv1": 3, "block14_sepconv2": 4}
_REP = {  # the place of a block's first convolution; the first block has no ReLU before it
    "block2_sepconv{k}": "block1.rep.{3*k-3}",
    "block{b}_sepconv{k}": "block{b-1}.rep.{3*k-2}",
}
_RULES = (
    *((ours, f"conv{number}") for ours, number in _ENTRY.items()),
    *((f"{ours}_bn", f"bn{number}") for ours, number in (_ENTRY | _EXIT).items()),
    *(
        (f"{ours}.{step}_weight", f"{theirs}.{inner}.weight")
        for ours, theirs in ({k: f"conv{n}" for k, n in _EXIT.items()} | _REP).items()
        for step, inner in (("depthwise", "conv1"), ("pointwise", "pointwise"))
    ),
    ("block2_sepconv{k}_bn", "block1.rep.{3*k-2}"),
    ("block{b}_sepconv{k}_bn", "block{b-1}.rep.{3*k-1}"),
    ("block{b}_shortcut", "block{b-1}.skip"),
    ("block{b}_shortcut_bn", "block{b-1}.skipbn"),
    ("predictions", "fc"),
)

MAPS = {"xception": (NameMap("timm", "timm", _RULES),)}
