"""AlexNet of one tower in torchvision."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_RULES = (
    ("conv1", "features.0"),
    ("conv2", "features.3"),
    ("conv3", "features.6"),
    ("conv4", "features.8"),
    ("conv5", "features.10"),
    ("fc6", "classifier.1"),
    ("fc7", "classifier.4"),
    ("predictions", "classifier.6"),
)

MAPS = {"alexnet_one_tower": (NameMap("torchvision", "torchvision", _RULES),)}
