"""Inception v3 in torchvision; in timm the same names, without the classifier beside."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_STEM = ("1a_3x3", "2a_3x3", "2b_3x3", "3b_1x1", "4a_3x3")
_MODULES = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
_KINDS = ("conv", "bn")
_RULES = (
    *(
        (f"conv{number}_{kind}", f"Conv2d_{name}.{kind}")
        for number, name in enumerate(_STEM, 1)
        for kind in _KINDS
    ),
    *(
        (f"mixed{number}_{{branch:word}}_{kind}", f"Mixed_{name}.{{branch}}.{kind}")
        for number, name in enumerate(_MODULES)
        for kind in _KINDS
    ),
    ("predictions", "fc"),
)
_BESIDE = (
    *((f"aux_{{k}}_{kind}", f"AuxLogits.conv{{k-1}}.{kind}") for kind in _KINDS),
    ("aux_predictions", "AuxLogits.fc"),
)

MAPS = {
    "inception_v3": (
        NameMap("torchvision", "torchvision", (*_RULES, *_BESIDE)),
        NameMap("timm", "timm", _RULES, beside=tuple(theirs for _, theirs in _BESIDE)),
    )
}
