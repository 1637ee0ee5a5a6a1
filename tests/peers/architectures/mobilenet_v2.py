"""torchvision's and timm's MobileNetV2."""

import functools
import re

from tests.architectures.moving import calm, lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import mobilenet_v2

BLOCKS = (1, 2, 3, 4, 3, 3, 1)
PLACES = [(stage, block) for stage, count in enumerate(BLOCKS) for block in range(count)]
_TORCHVISION = {
    "Conv1": "features.0.0",
    "bn_Conv1": "features.0.1",
    "Conv_1": "features.18.0",
    "Conv_1_bn": "features.18.1",
    "predictions": "classifier.1",
}
_TIMM = {
    "Conv1": "conv_stem",
    "bn_Conv1": "bn1",
    "Conv_1": "conv_head",
    "Conv_1_bn": "bn2",
    "predictions": "classifier",
}


def _block(layer):
    """(number of the block, expand|depthwise|project, whether it is the norm)."""
    found = re.fullmatch(r"(?:expanded_conv|block_(\d+))_([a-z]+)(_BN)?", layer)
    return int(found[1] or 0), found[2], bool(found[3])


def torchvision_named(name):
    """block_3_depthwise_BN.weight -> features.4.conv.1.1.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TORCHVISION:
        return f"{_TORCHVISION[layer]}.{weight}"
    number, part, norm = _block(layer)
    place = ("expand", "depthwise", "project").index(part) - (number == 0)
    inside = f"{place + norm}" if part == "project" else f"{place}.{int(norm)}"
    return f"features.{number + 1}.conv.{inside}.{weight}"


def timm_named(name):
    """block_3_depthwise_BN.weight -> blocks.2.0.bn2.weight"""
    layer, _, weight = name.partition(".")
    if layer in _TIMM:
        return f"{_TIMM[layer]}.{weight}"
    number, part, norm = _block(layer)
    stage, block = PLACES[number]
    if number:
        place = ("expand", "depthwise", "project").index(part)
        conv = ("conv_pw", "conv_dw", "conv_pwl")[place]
    else:
        place = ("depthwise", "project").index(part)
        conv = ("conv_dw", "conv_pw")[place]
    return f"blocks.{stage}.{block}.{f'bn{place + 1}' if norm else conv}.{weight}"


def ours(dialect):
    """The net, as its peer is made."""
    return still(mobilenet_v2((128, 128, 3), CLASSES, classifier_activation=None, dialect=dialect))


def drawn(net):
    """Its weights."""
    return lift(calm(randomise(net), "_project_BN"))


PEERS = (
    Peer(
        "torchvision",
        "mobilenet_v2",
        functools.partial(ours, "torchvision"),
        torchvision_named,
        {"dropout": 0.0},
        side_px=128,
        drawn=drawn,
    ),
    Peer(
        "timm",
        "mobilenetv2_100",
        functools.partial(ours, "timm"),
        timm_named,
        side_px=128,
        drawn=drawn,
    ),
)
