"""Keras' names of layers, one file a family, as data.

A name that ends in "#", as "conv2d#", stands for one that Keras gives by itself, conv2d_7: such
layers follow each other there in the order in which they are called here.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...name_maps import NameMap
from . import (
    convnext,
    densenet,
    efficientnet,
    efficientnet_v2,
    inception_v3,
    mobilenet,
    mobilenet_v2,
    mobilenet_v3,
    resnet,
    resnet_v2,
    vgg,
    xception,
)

__all__ = ["MAPS"]

_FAMILIES = (
    convnext,
    densenet,
    efficientnet,
    efficientnet_v2,
    inception_v3,
    mobilenet,
    mobilenet_v2,
    mobilenet_v3,
    resnet,
    resnet_v2,
    vgg,
    xception,
)

MAPS: Mapping[str, tuple[NameMap, ...]] = {
    architecture: maps for family in _FAMILIES for architecture, maps in family.MAPS.items()
}
"""architecture -> Keras' names of its layers."""
