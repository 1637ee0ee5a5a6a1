"""timm's Darknet-53."""

import re

from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_INSIDE = (  # ours, theirs
    (r"^conv1_", "stem.conv1."),
    (r"^predictions", "head.fc"),
    (r"_down_", ".conv_down."),
    (r"_(\d)_(conv|bn)", r".conv\1.\2"),
)


def named(name):
    """stage2_block1_1_conv.weight -> stages.1.blocks.0.conv1.conv.weight"""
    stage = re.match(r"stage(\d)", name)
    if stage:
        name = f"stages.{int(stage[1]) - 1}" + name[stage.end() :]
    block = re.search(r"_block(\d+)", name)
    if block:
        name = name[: block.start()] + f".blocks.{int(block[1]) - 1}" + name[block.end() :]
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def ours():
    """The net, as its peer is made."""
    build = architectures.darknet53
    return build((64, 64, 3), CLASSES, classifier_activation=None, dialect="timm")


PEERS = (Peer("timm", "darknet53", ours, named),)
