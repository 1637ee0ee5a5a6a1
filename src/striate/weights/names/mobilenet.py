"""MobileNet in timm, which counts the blocks of a stage."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BLOCKS = (1, 2, 2, 6, 2)
_PLACES = [f"blocks.{stage}.{block}" for stage, n in enumerate(_BLOCKS) for block in range(n)]
_RULES = (
    ("conv1", "conv_stem"),
    ("conv1_bn", "bn1"),
    *(
        (f"conv_{ours.format(number)}", f"{place}.{theirs}")
        for number, place in enumerate(_PLACES, 1)
        for ours, theirs in (
            ("dw_{}", "conv_dw"),
            ("dw_{}_bn", "bn1"),
            ("pw_{}", "conv_pw"),
            ("pw_{}_bn", "bn2"),
        )
    ),
    ("conv_preds", "classifier"),
)
_DENSE = (("classifier.weight", 2),)

MAPS = dict.fromkeys(
    ("mobilenet_v1", "mobilenet_v1_075", "mobilenet_v1_050", "mobilenet_v1_025"),
    (NameMap("timm", "timm", _RULES, axes=_DENSE),),
)
