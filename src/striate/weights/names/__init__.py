"""The name maps of all nets, one file a family, as data."""

from __future__ import annotations

from collections.abc import Mapping

from ..name_maps import NameMap
from . import (
    alexnet,
    convnext,
    cspnet,
    densenet,
    efficientnet,
    efficientnet_lite,
    efficientnet_v2,
    googlenet,
    inception_v3,
    keras,
    mobilenet,
    mobilenet_v2,
    mobilenet_v3,
    resnet,
    resnet_v2,
    senet,
    squeezenet,
    vgg,
    xception,
)

__all__ = ["NAME_MAPS"]

_FAMILIES = (
    alexnet,
    convnext,
    cspnet,
    densenet,
    efficientnet,
    efficientnet_lite,
    efficientnet_v2,
    googlenet,
    inception_v3,
    keras,
    mobilenet,
    mobilenet_v2,
    mobilenet_v3,
    resnet,
    resnet_v2,
    senet,
    squeezenet,
    vgg,
    xception,
)

NAME_MAPS: Mapping[str, tuple[NameMap, ...]] = {
    architecture: tuple(each for family in _FAMILIES for each in family.MAPS.get(architecture, ()))
    for architecture in (name for family in _FAMILIES for name in family.MAPS)
}
"""architecture -> its name maps."""
