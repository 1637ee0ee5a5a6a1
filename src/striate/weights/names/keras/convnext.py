"""ConvNeXt in Keras, where stem and downsampling are nets of their own."""

from __future__ import annotations

from ...name_maps import NameMap

__all__ = ["MAPS"]

_NET = "convnext_tiny"
_RULES = (
    ("stem_{part:word}", f"{_NET}_stem/{_NET}_stem_{{part}}"),
    (
        "downsampling_{part:word}_{n}",
        f"{_NET}_downsampling_block_{{n}}/{_NET}_downsampling_{{part}}_{{n}}",
    ),
    ("stage_{s}_block_{b}_{part:word}", f"{_NET}_stage_{{s}}_block_{{b}}_{{part}}"),
    ("head_{part:word}", f"{_NET}_head_{{part}}"),
)

MAPS = dict.fromkeys(("convnext_tiny",), (NameMap("keras", "keras", _RULES),))
