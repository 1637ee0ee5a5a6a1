"""ResNet in torchvision and timm, whose names are the same; the author's of the CIFAR ones."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("conv1_conv", "conv1"),
    ("conv1_bn", "bn1"),
    ("conv{s}_block{b}_0_conv", "layer{s-1}.{b-1}.downsample.0"),
    ("conv{s}_block{b}_0_bn", "layer{s-1}.{b-1}.downsample.1"),
    ("conv{s}_block{b}_{k}_conv", "layer{s-1}.{b-1}.conv{k}"),
    ("conv{s}_block{b}_{k}_bn", "layer{s-1}.{b-1}.bn{k}"),
    ("predictions", "fc"),
)
_LARGE = tuple(NameMap(source, source, _RULES) for source in ("torchvision", "timm"))
_SMALL = (NameMap("akamaster", "paper", (*_RULES[:-1], ("predictions", "linear"))),)

MAPS = {
    **dict.fromkeys(("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"), _LARGE),
    **dict.fromkeys(("resnet20", "resnet32", "resnet44", "resnet56", "resnet110"), _SMALL),
}
