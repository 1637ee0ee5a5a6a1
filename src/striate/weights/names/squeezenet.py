"""SqueezeNet in torchvision, which counts the poolings too."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_FIRES = {  # of fire2 to fire9
    "squeezenet": (3, 4, 5, 7, 8, 9, 10, 12),
    "squeezenet_1_1": (3, 4, 6, 7, 9, 10, 11, 12),
}


def _torchvision(places: tuple[int, ...]) -> NameMap:
    inside = (("squeeze1x1", "squeeze"), ("expand1x1", "expand1x1"), ("expand3x3", "expand3x3"))
    fires = [
        (f"fire{number}_{ours}", f"features.{place}.{theirs}")
        for number, place in enumerate(places, 2)
        for ours, theirs in inside
    ]
    rules = (("conv1", "features.0"), *fires, ("conv10", "classifier.1"))
    return NameMap("torchvision", "torchvision", rules)


MAPS = {name: (_torchvision(places),) for name, places in _FIRES.items()}
