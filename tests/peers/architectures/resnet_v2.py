"""timm's pre-activated ResNet."""

import re

from tests.architectures.moving import calm, randomise
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_INSIDE = (  # ours, theirs
    (r"^conv1_conv", "stem.conv"),
    (r"^post_bn", "norm"),
    (r"^predictions", "head.fc"),
    (r"_preact_bn", ".norm1"),
    (r"_1_bn", ".norm2"),
    (r"_2_bn", ".norm3"),
    (r"_0_conv", ".downsample.conv"),
    (r"_(\d)_conv", r".conv\1"),
)


def named(name):
    """conv2_block1_1_bn.weight -> stages.0.blocks.0.norm2.weight"""
    stage = re.match(r"conv(\d)_block(\d+)", name)
    if stage:
        name = f"stages.{int(stage[1]) - 2}.blocks.{int(stage[2]) - 1}" + name[stage.end() :]
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def drawn(net):
    """Weights with which float32 is enough."""
    return calm(randomise(net), "_3_conv")


def ours():
    """The net, as its peer is made."""
    return architectures.resnet50_v2(
        (64, 64, 3), CLASSES, classifier_activation=None, dialect="timm"
    )


PEERS = (Peer("timm", "resnetv2_50", ours, named, drawn=drawn),)
