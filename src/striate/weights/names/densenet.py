"""DenseNet in torchvision and timm, whose names are the same.

torchvision's old files write a number behind a dot: denselayer1.norm.1.
"""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_LAYER = ("conv{s}_block{b}_{k}", "features.denseblock{s-1}.denselayer{b}")
_ENDS = (
    ("conv1_conv", "features.conv0"),
    ("conv1_bn", "features.norm0"),
    ("pool{s}_bn", "features.transition{s-1}.norm"),
    ("pool{s}_conv", "features.transition{s-1}.conv"),
    ("bn", "features.norm5"),
    ("predictions", "classifier"),
)
_NEW, _OLD = (
    (
        (f"{_LAYER[0]}_bn", f"{_LAYER[1]}.norm{dot}{{k+1}}"),
        (f"{_LAYER[0]}_conv", f"{_LAYER[1]}.conv{dot}{{k}}"),
        *_ENDS,
    )
    for dot in ("", ".")
)

MAPS = dict.fromkeys(
    ("densenet121", "densenet169", "densenet201", "densenet161"),
    (
        NameMap("torchvision", "torchvision", _NEW),
        NameMap("torchvision", "torchvision", _OLD),
        NameMap("timm", "timm", _NEW),
    ),
)
