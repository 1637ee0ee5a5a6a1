"""EfficientNetV2 in torchvision and timm.

The first stage's blocks are one convolution, the next two stages' have a full one in front.
"""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_ALONE = (  # ours, torchvision's, timm's
    ("project_conv", "0.0", "conv"),
    ("project_bn", "0.1", "bn1"),
)
_FUSED = (
    ("expand_conv", "0.0", "conv_exp"),
    ("expand_bn", "0.1", "bn1"),
    ("project_conv", "1.0", "conv_pwl"),
    ("project_bn", "1.1", "bn2"),
)
_WIDE = (
    ("expand_conv", "0.0", "conv_pw"),
    ("expand_bn", "0.1", "bn1"),
    ("dwconv2", "1.0", "conv_dw"),
    ("bn", "1.1", "bn2"),
    ("se_reduce", "2.fc1", "se.conv_reduce"),
    ("se_expand", "2.fc2", "se.conv_expand"),
    ("project_conv", "3.0", "conv_pwl"),
    ("project_bn", "3.1", "bn3"),
)
_STAGES = (("1", _ALONE), ("2", _FUSED), ("3", _FUSED), ("{s}", _WIDE))
_TORCHVISION = (
    ("stem_conv", "features.0.0"),
    ("stem_bn", "features.0.1"),
    *(
        (f"block{stage}{{b:letter}}_{ours}", f"features.{stage}.{{b}}.block.{theirs}")
        for stage, inside in _STAGES
        for ours, theirs, _ in inside
    ),
    ("top_conv", "features.7.0"),
    ("top_bn", "features.7.1"),
    ("predictions", "classifier.1"),
)
_TIMM = (
    ("stem_conv", "conv_stem"),
    ("stem_bn", "bn1"),
    *(
        (f"block{stage}{{b:letter}}_{ours}", f"blocks.{place}.{{b}}.{theirs}")
        for (stage, inside), place in zip(_STAGES, ("0", "1", "2", "{s-1}"), strict=True)
        for ours, _, theirs in inside
    ),
    ("top_conv", "conv_head"),
    ("top_bn", "bn2"),
    ("predictions", "classifier"),
)

MAPS = {
    "efficientnet_v2_s": (
        NameMap("torchvision", "torchvision", _TORCHVISION),
        NameMap("timm", "timm", _TIMM),
    )
}
