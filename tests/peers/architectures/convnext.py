"""torchvision's and timm's ConvNeXt-T."""

import functools
import re

from tests.architectures.moving import still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import convnext_tiny

_TORCHVISION = {
    "stem_conv": "features.0.0",
    "stem_layernorm": "features.0.1",
    "head_layernorm": "classifier.0",
    "head_dense": "classifier.2",
}
_TIMM = {
    "stem_conv": "stem.0",
    "stem_layernorm": "stem.1",
    "head_layernorm": "head.norm",
    "head_dense": "head.fc",
}
_INSIDE = {  # part: in torchvision's and timm's block
    "depthwise_conv": ("block.0", "conv_dw"),
    "layernorm": ("block.2", "norm"),
    "pointwise_conv_1": ("block.3", "mlp.fc1"),
    "pointwise_conv_2": ("block.5", "mlp.fc2"),
}


def torchvision_named(name):
    """stage_1_block_2_layernorm.weight -> features.3.2.block.2.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TORCHVISION:
        return f"{_TORCHVISION[layer]}.{weight}"
    halving = re.fullmatch(r"downsampling_(\w+)_(\d)", layer)
    if halving:
        return f"features.{2 * int(halving[2]) + 2}.{int(halving[1] == 'conv')}.{weight}"
    stage, block, part = re.fullmatch(r"stage_(\d)_block_(\d)_(\w+)", layer).groups()
    inside = part if part == "layer_scale" else f"{_INSIDE[part][0]}.{weight}"
    return f"features.{2 * int(stage) + 1}.{block}.{inside}"


def timm_named(name):
    """stage_1_block_2_layernorm.weight -> stages.1.blocks.2.norm.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TIMM:
        return f"{_TIMM[layer]}.{weight}"
    halving = re.fullmatch(r"downsampling_(\w+)_(\d)", layer)
    if halving:
        return f"stages.{int(halving[2]) + 1}.downsample.{int(halving[1] == 'conv')}.{weight}"
    stage, block, part = re.fullmatch(r"stage_(\d)_block_(\d)_(\w+)", layer).groups()
    inside = "gamma" if part == "layer_scale" else f"{_INSIDE[part][1]}.{weight}"
    return f"stages.{stage}.blocks.{block}.{inside}"


def ours(dialect):
    """The net, as its peer is made."""
    return still(convnext_tiny((64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect))


PEERS = (
    Peer(
        "torchvision",
        "convnext_tiny",
        functools.partial(ours, "torchvision"),
        torchvision_named,
        {"stochastic_depth_prob": 0.0},
    ),
    Peer("timm", "convnext_tiny", functools.partial(ours, "timm"), timm_named),
)
