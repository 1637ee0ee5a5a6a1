"""The name maps of all nets, one file a family, as data."""

from __future__ import annotations

from collections.abc import Mapping

from ..name_maps import NameMap
from . import efficientnet_lite, resnet

__all__ = ["NAME_MAPS"]

_FAMILIES = (resnet, efficientnet_lite)

NAME_MAPS: Mapping[str, tuple[NameMap, ...]] = {
    architecture: tuple(each for family in _FAMILIES for each in family.MAPS.get(architecture, ()))
    for architecture in (name for family in _FAMILIES for name in family.MAPS)
}
"""architecture -> its name maps."""
