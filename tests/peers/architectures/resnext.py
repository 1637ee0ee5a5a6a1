"""torchvision's and timm's ResNeXt."""

import functools
import re

from tests.architectures.moving import calm, randomise
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_INSIDE = (  # ours, theirs
    (r"^conv1_conv", "conv1"),
    (r"^conv1_bn", "bn1"),
    (r"^predictions", "fc"),
    (r"_0_conv", ".downsample.0"),
    (r"_0_bn", ".downsample.1"),
    (r"_(\d)_conv", r".conv\1"),
    (r"_(\d)_bn", r".bn\1"),
)


def named(name):
    """conv2_block1_2_conv.weight -> layer1.0.conv2.weight"""
    stage = re.match(r"conv(\d)_block(\d+)", name)
    if stage:
        name = f"layer{int(stage[1]) - 1}.{int(stage[2]) - 1}" + name[stage.end() :]
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def drawn(net):
    """Weights with which float32 is enough."""
    return calm(randomise(net), "_3_bn")


def ours(dialect):
    """The net, as its peer is made."""
    return architectures.resnext50_32x4d(
        (64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect
    )


PEERS = tuple(
    Peer(library, "resnext50_32x4d", functools.partial(ours, library), named, drawn=drawn)
    for library in ("torchvision", "timm")
)
