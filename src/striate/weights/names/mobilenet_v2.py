"""MobileNetV2 in torchvision and timm."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BLOCKS = (1, 2, 3, 4, 3, 3, 1)
_PLACES = [f"blocks.{stage}.{block}" for stage, n in enumerate(_BLOCKS) for block in range(n)]
_TORCHVISION = (
    ("Conv1", "features.0.0"),
    ("bn_Conv1", "features.0.1"),
    ("expanded_conv_depthwise", "features.1.conv.0.0"),
    ("expanded_conv_depthwise_BN", "features.1.conv.0.1"),
    ("expanded_conv_project", "features.1.conv.1"),
    ("expanded_conv_project_BN", "features.1.conv.2"),
    ("block_{b}_expand", "features.{b+1}.conv.0.0"),
    ("block_{b}_expand_BN", "features.{b+1}.conv.0.1"),
    ("block_{b}_depthwise", "features.{b+1}.conv.1.0"),
    ("block_{b}_depthwise_BN", "features.{b+1}.conv.1.1"),
    ("block_{b}_project", "features.{b+1}.conv.2"),
    ("block_{b}_project_BN", "features.{b+1}.conv.3"),
    ("Conv_1", "features.18.0"),
    ("Conv_1_bn", "features.18.1"),
    ("predictions", "classifier.1"),
)
_TIMM = (
    ("Conv1", "conv_stem"),
    ("bn_Conv1", "bn1"),
    ("expanded_conv_depthwise", "blocks.0.0.conv_dw"),
    ("expanded_conv_depthwise_BN", "blocks.0.0.bn1"),
    ("expanded_conv_project", "blocks.0.0.conv_pw"),
    ("expanded_conv_project_BN", "blocks.0.0.bn2"),
    *(
        (f"block_{number}_{ours}", f"{place}.{theirs}")
        for number, place in enumerate(_PLACES[1:], 1)
        for ours, theirs in (
            ("expand", "conv_pw"),
            ("expand_BN", "bn1"),
            ("depthwise", "conv_dw"),
            ("depthwise_BN", "bn2"),
            ("project", "conv_pwl"),
            ("project_BN", "bn3"),
        )
    ),
    ("Conv_1", "conv_head"),
    ("Conv_1_bn", "bn2"),
    ("predictions", "classifier"),
)

MAPS = {
    "mobilenet_v2": (
        NameMap("torchvision", "torchvision", _TORCHVISION),
        NameMap("timm", "timm", _TIMM),
    )
}
