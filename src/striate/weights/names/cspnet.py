"""Cross-stage partial nets and Darknet-53 in timm.

timm has one convolution for both parts of a stage: of its filters the first half are those of the
part that goes past the blocks, the second half those of the part that goes through them.
"""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("conv1_{kind:word}", "stem.conv1.{kind}"),
    ("stage{s}_down_{kind:word}", "stages.{s-1}.conv_down.{kind}"),
    ("stage{s}_past_{kind:word}", "stages.{s-1}.conv_exp.{kind}"),
    ("stage{s}_through_{kind:word}", "stages.{s-1}.conv_exp.{kind}"),
    ("stage{s}_block{b}_{k}_{kind:word}", "stages.{s-1}.blocks.{b-1}.conv{k}.{kind}"),
    ("stage{s}_after_{kind:word}", "stages.{s-1}.conv_transition_b.{kind}"),
    ("stage{s}_transition_{kind:word}", "stages.{s-1}.conv_transition.{kind}"),
    ("predictions", "head.fc"),
)

MAPS = dict.fromkeys(
    ("cspresnet50", "cspresnext50", "cspdarknet53", "darknet53"),
    (NameMap("timm", "timm", _RULES),),
)
