"""EfficientNet in torchvision and timm; the first stage's blocks have no wider middle."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]


def _block(
    stage: str, theirs: str, inside: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"block{stage}{{b:letter}}_{mine}", f"{theirs}.{inner}") for mine, inner in inside
    )


_TORCHVISION = (
    ("stem_conv", "features.0.0"),
    ("stem_bn", "features.0.1"),
    *_block(
        "1",
        "features.1.{b}.block",
        (
            ("dwconv", "0.0"),
            ("bn", "0.1"),
            ("se_reduce", "1.fc1"),
            ("se_expand", "1.fc2"),
            ("project_conv", "2.0"),
            ("project_bn", "2.1"),
        ),
    ),
    *_block(
        "{s}",
        "features.{s}.{b}.block",
        (
            ("expand_conv", "0.0"),
            ("expand_bn", "0.1"),
            ("dwconv", "1.0"),
            ("bn", "1.1"),
            ("se_reduce", "2.fc1"),
            ("se_expand", "2.fc2"),
            ("project_conv", "3.0"),
            ("project_bn", "3.1"),
        ),
    ),
    ("top_conv", "features.8.0"),
    ("top_bn", "features.8.1"),
    ("predictions", "classifier.1"),
)
_TIMM = (
    ("stem_conv", "conv_stem"),
    ("stem_bn", "bn1"),
    *_block(
        "1",
        "blocks.0.{b}",
        (
            ("dwconv", "conv_dw"),
            ("bn", "bn1"),
            ("se_reduce", "se.conv_reduce"),
            ("se_expand", "se.conv_expand"),
            ("project_conv", "conv_pw"),
            ("project_bn", "bn2"),
        ),
    ),
    *_block(
        "{s}",
        "blocks.{s-1}.{b}",
        (
            ("expand_conv", "conv_pw"),
            ("expand_bn", "bn1"),
            ("dwconv", "conv_dw"),
            ("bn", "bn2"),
            ("se_reduce", "se.conv_reduce"),
            ("se_expand", "se.conv_expand"),
            ("project_conv", "conv_pwl"),
            ("project_bn", "bn3"),
        ),
    ),
    ("top_conv", "conv_head"),
    ("top_bn", "bn2"),
    ("predictions", "classifier"),
)

MAPS = {
    **dict.fromkeys(
        [f"efficientnet_b{number}" for number in range(8)],
        (NameMap("torchvision", "torchvision", _TORCHVISION), NameMap("timm", "timm", _TIMM)),
    ),
    "efficientnet_lite0": (NameMap("timm", "timm", _TIMM),),
}
