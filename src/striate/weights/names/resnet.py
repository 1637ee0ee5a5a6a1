"""ResNet and ResNeXt in torchvision and timm, whose names are the same; the author's of the small.

Those of the author's code for CIFAR are Y. Idelbayev's, "akamaster".
"""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["BODY", "MAPS"]

BODY = (
    ("conv1_conv", "conv1"),
    ("conv1_bn", "bn1"),
    ("conv{s}_block{b}_0_conv", "layer{s-1}.{b-1}.downsample.0"),
    ("conv{s}_block{b}_0_bn", "layer{s-1}.{b-1}.downsample.1"),
    ("conv{s}_block{b}_{k}_conv", "layer{s-1}.{b-1}.conv{k}"),
    ("conv{s}_block{b}_{k}_bn", "layer{s-1}.{b-1}.bn{k}"),
)
"""All but the classes."""
_TORCHVISION, _TIMM = (
    NameMap(source, source, (*BODY, ("predictions", "fc"))) for source in ("torchvision", "timm")
)
_SMALL = (NameMap("akamaster", "paper", (*BODY, ("predictions", "linear"))),)

MAPS = {
    **dict.fromkeys(
        ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"), (_TORCHVISION, _TIMM)
    ),
    **dict.fromkeys(
        ("resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"), (_TORCHVISION, _TIMM)
    ),
    "resnext101_32x4d": (_TIMM,),
    **dict.fromkeys(("resnet20", "resnet32", "resnet44", "resnet56", "resnet110"), _SMALL),
}
