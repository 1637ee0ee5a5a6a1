"""SE-ResNet, SE-ResNeXt and SENet in timm: its own, and those that it has from the authors' code.

The weighing is of 1 × 1 convolutions there, of dense layers here. The authors' code has no net of
plain blocks; timm's of that name have a ReLU more, before the weighing.
"""

from __future__ import annotations

from ..name_maps import NameMap
from .resnet import BODY

__all__ = ["MAPS"]

_WEIGHING = (("layer{s}.{b}.se.fc{k}.weight", 4),)
_AUTHORS = NameMap(
    "timm",
    "paper",
    (
        *((ours, f"layer0.{theirs}") for ours, theirs in BODY[:2]),
        ("conv1_{k}_conv", "layer0.conv{k}"),
        ("conv1_{k}_bn", "layer0.bn{k}"),
        *BODY[2:],
        ("conv{s}_block{b}_se.squeeze", "layer{s-1}.{b-1}.se_module.fc1"),
        ("conv{s}_block{b}_se.excite", "layer{s-1}.{b-1}.se_module.fc2"),
        ("predictions", "last_linear"),
    ),
    axes=(("layer{s}.{b}.se_module.fc{k}.weight", 4),),
)
_TIMM = NameMap(
    "timm",
    "timm",
    (
        *BODY,
        ("conv{s}_block{b}_se.squeeze", "layer{s-1}.{b-1}.se.fc1"),
        ("conv{s}_block{b}_se.excite", "layer{s-1}.{b-1}.se.fc2"),
        ("predictions", "fc"),
    ),
    axes=_WEIGHING,
)
_LARGE_TIMM = NameMap(  # whose first three convolutions are in a row with their norms and ReLUs
    "timm",
    "timm",
    (
        ("conv1_3_bn", "bn1"),
        ("conv1_{k}_conv", "conv1.{3*k-3}"),
        ("conv1_{k}_bn", "conv1.{3*k-2}"),
        *_TIMM.rules[2:],
    ),
    axes=_WEIGHING,
)

MAPS = {
    **dict.fromkeys(("se_resnet18", "se_resnet34"), (_TIMM,)),
    **dict.fromkeys(
        ("se_resnet50", "se_resnet101", "se_resnet152", "se_resnext50_32x4d"), (_TIMM, _AUTHORS)
    ),
    "senet154": (_LARGE_TIMM, _AUTHORS),
}
