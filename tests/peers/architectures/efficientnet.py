"""torchvision's and timm's EfficientNets."""

import functools
import re

from tests.architectures.moving import calm, lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import ARCHITECTURES

_TORCHVISION = {
    "stem_conv": "features.0.0",
    "stem_bn": "features.0.1",
    "top_conv": "features.8.0",
    "top_bn": "features.8.1",
    "predictions": "classifier.1",
}
_TIMM = {
    "stem_conv": "conv_stem",
    "stem_bn": "bn1",
    "top_conv": "conv_head",
    "top_bn": "bn2",
    "predictions": "classifier",
}


def _block(layer):
    """(stage, number in it, part): block3b_se_reduce -> (3, 1, "se_reduce")"""
    found = re.fullmatch(r"block(\d)([a-z])_(\w+)", layer)
    return int(found[1]), ord(found[2]) - ord("a"), found[3]


def torchvision_named(name):
    """block3b_se_reduce.weight -> features.3.1.block.2.fc1.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TORCHVISION:
        return f"{_TORCHVISION[layer]}.{weight}"
    stage, number, part = _block(layer)
    first = int(stage > 1)  # MBConv1 has no wider middle
    inside = {
        "expand_conv": "0.0",
        "expand_bn": "0.1",
        "dwconv": f"{first}.0",
        "bn": f"{first}.1",
        "se_reduce": f"{first + 1}.fc1",
        "se_expand": f"{first + 1}.fc2",
        "project_conv": f"{first + 2}.0",
        "project_bn": f"{first + 2}.1",
    }[part]
    return f"features.{stage}.{number}.block.{inside}.{weight}"


def timm_named(name):
    """block3b_se_reduce.weight -> blocks.2.1.se.conv_reduce.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TIMM:
        return f"{_TIMM[layer]}.{weight}"
    stage, number, part = _block(layer)
    wide = stage > 1
    inside = {
        "expand_conv": "conv_pw",
        "expand_bn": "bn1",
        "dwconv": "conv_dw",
        "bn": "bn2" if wide else "bn1",
        "se_reduce": "se.conv_reduce",
        "se_expand": "se.conv_expand",
        "project_conv": "conv_pwl" if wide else "conv_pw",
        "project_bn": "bn3" if wide else "bn2",
    }[part]
    return f"blocks.{stage - 1}.{number}.{inside}.{weight}"


def ours(name, dialect):
    """The net, as its peer is made."""
    build = ARCHITECTURES.get(name)
    return still(build((128, 128, 3), CLASSES, classifier_activation=None, dialect=dialect))


def drawn(net):
    """Its weights: blocks add little, so that no gate is far beyond where it saturates."""
    return lift(calm(randomise(net), "_project_bn"))


PEERS = (
    Peer(
        "torchvision",
        "efficientnet_b0",
        functools.partial(ours, "efficientnet_b0", "torchvision"),
        torchvision_named,
        {"stochastic_depth_prob": 0.0},
        side_px=128,
        drawn=drawn,
    ),
    *(
        Peer(
            "timm",
            name,
            functools.partial(ours, name, "timm"),
            timm_named,
            side_px=128,
            drawn=drawn,
        )
        for name in ("efficientnet_b0", "efficientnet_lite0")
    ),
)
