"""The name maps of all nets, one file a family, as data."""

from __future__ import annotations

from collections.abc import Mapping

from ..name_maps import NameMap
from . import resnet

__all__ = ["NAME_MAPS"]

_FAMILIES = (resnet,)

NAME_MAPS: Mapping[str, tuple[NameMap, ...]] = {
    architecture: maps for family in _FAMILIES for architecture, maps in family.MAPS.items()
}
"""architecture -> its name maps."""
