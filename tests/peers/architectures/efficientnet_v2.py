"""torchvision's and timm's EfficientNetV2-S."""

import functools
import re

from tests.architectures.moving import calm, lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import efficientnet_v2_s

_TORCHVISION = {
    "stem_conv": "features.0.0",
    "stem_bn": "features.0.1",
    "top_conv": "features.7.0",
    "top_bn": "features.7.1",
    "predictions": "classifier.1",
}
_TIMM = {
    "stem_conv": "conv_stem",
    "stem_bn": "bn1",
    "top_conv": "conv_head",
    "top_bn": "bn2",
    "predictions": "classifier",
}
_INSIDE = {  # part: in torchvision's and timm's MBConv
    "expand_conv": ("0.0", "conv_pw"),
    "expand_bn": ("0.1", "bn1"),
    "dwconv2": ("1.0", "conv_dw"),
    "bn": ("1.1", "bn2"),
    "se_reduce": ("2.fc1", "se.conv_reduce"),
    "se_expand": ("2.fc2", "se.conv_expand"),
    "project_conv": ("3.0", "conv_pwl"),
    "project_bn": ("3.1", "bn3"),
}
_INSIDE_FUSED = {
    "expand_conv": ("0.0", "conv_exp"),
    "expand_bn": ("0.1", "bn1"),
    "project_conv": ("1.0", "conv_pwl"),
    "project_bn": ("1.1", "bn2"),
}
_INSIDE_ALONE = {"project_conv": ("0.0", "conv"), "project_bn": ("0.1", "bn1")}


def _inside(layer):
    """(stage, number in it, (torchvision's name, timm's))"""
    found = re.fullmatch(r"block(\d)([a-z])_(\w+)", layer)
    stage = int(found[1])
    table = _INSIDE_ALONE if stage == 1 else _INSIDE_FUSED if stage < 4 else _INSIDE
    return stage, ord(found[2]) - ord("a"), table[found[3]]


def torchvision_named(name):
    """block4b_se_reduce.weight -> features.4.1.block.2.fc1.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TORCHVISION:
        return f"{_TORCHVISION[layer]}.{weight}"
    stage, number, (inside, _) = _inside(layer)
    return f"features.{stage}.{number}.block.{inside}.{weight}"


def timm_named(name):
    """block4b_se_reduce.weight -> blocks.3.1.se.conv_reduce.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TIMM:
        return f"{_TIMM[layer]}.{weight}"
    stage, number, (_, inside) = _inside(layer)
    return f"blocks.{stage - 1}.{number}.{inside}.{weight}"


def ours(dialect):
    """The net, as its peer is made."""
    net = efficientnet_v2_s((64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect)
    return still(net)


def drawn(net):
    """Its weights: 40 blocks in a row add to the map, each a little."""
    return lift(calm(randomise(net), "_project_bn"))


PEERS = (
    Peer(
        "torchvision",
        "efficientnet_v2_s",
        functools.partial(ours, "torchvision"),
        torchvision_named,
        {"stochastic_depth_prob": 0.0},
        drawn=drawn,
    ),
    Peer("timm", "tf_efficientnetv2_s", functools.partial(ours, "timm"), timm_named, drawn=drawn),
)
