"""timm's Xception."""

import re

from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_STEM = {"block1_conv1": 1, "block1_conv2": 2, "block14_sepconv1": 3, "block14_sepconv2": 4}
_STEPS = {"depthwise_weight": "conv1.weight", "pointwise_weight": "pointwise.weight"}


def named(name):
    """block3_sepconv1.depthwise_weight -> block2.rep.1.conv1.weight"""
    layer, weight = name.split(".")
    kind = "bn" if layer.endswith("_bn") else "conv"
    layer = layer.removesuffix("_bn")
    weight = _STEPS.get(weight, weight)
    if layer == "predictions":
        return f"fc.{weight}"
    if layer in _STEM:
        return f"{kind}{_STEM[layer]}.{weight}"
    found = re.fullmatch(r"block(\d+)_(shortcut|sepconv(\d))", layer)
    block = int(found[1]) - 1
    if found[2] == "shortcut":
        return f"block{block}.skip{'bn' * (kind == 'bn')}.{weight}"
    place = 3 * int(found[3]) - 2 + (kind == "bn") - (block == 1)  # relu, convolution, norm
    return f"block{block}.rep.{place}.{weight}"


def ours():
    """The net, as its peer is made."""
    return architectures.xception((96, 96, 3), CLASSES, classifier_activation=None, dialect="timm")


PEERS = (Peer("timm", "legacy_xception", ours, named, side_px=96),)
