"""ConvNeXt in torchvision and timm."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_BLOCK = "stage_{s}_block_{b}"
_TORCHVISION = (
    ("stem_conv", "features.0.0"),
    ("stem_layernorm", "features.0.1"),
    ("downsampling_layernorm_{s}", "features.{2*s+2}.0"),
    ("downsampling_conv_{s}", "features.{2*s+2}.1"),
    (f"{_BLOCK}_layer_scale.weight", "features.{2*s+1}.{b}.layer_scale"),
    (f"{_BLOCK}_depthwise_conv", "features.{2*s+1}.{b}.block.0"),
    (f"{_BLOCK}_layernorm", "features.{2*s+1}.{b}.block.2"),
    (f"{_BLOCK}_pointwise_conv_1", "features.{2*s+1}.{b}.block.3"),
    (f"{_BLOCK}_pointwise_conv_2", "features.{2*s+1}.{b}.block.5"),
    ("head_layernorm", "classifier.0"),
    ("head_dense", "classifier.2"),
)
_TIMM = (
    ("stem_conv", "stem.0"),
    ("stem_layernorm", "stem.1"),
    ("downsampling_layernorm_{s}", "stages.{s+1}.downsample.0"),
    ("downsampling_conv_{s}", "stages.{s+1}.downsample.1"),
    (f"{_BLOCK}_layer_scale.weight", "stages.{s}.blocks.{b}.gamma"),
    (f"{_BLOCK}_depthwise_conv", "stages.{s}.blocks.{b}.conv_dw"),
    (f"{_BLOCK}_layernorm", "stages.{s}.blocks.{b}.norm"),
    (f"{_BLOCK}_pointwise_conv_1", "stages.{s}.blocks.{b}.mlp.fc1"),
    (f"{_BLOCK}_pointwise_conv_2", "stages.{s}.blocks.{b}.mlp.fc2"),
    ("head_layernorm", "head.norm"),
    ("head_dense", "head.fc"),
)
_SCALE = (("features.{s}.{b}.layer_scale", 3),)

MAPS = {
    "convnext_tiny": (
        NameMap("torchvision", "torchvision", _TORCHVISION, axes=_SCALE),
        NameMap("timm", "timm", _TIMM),
    )
}
