"""timm's nets of cross-stage partial stages.

timm has one convolution for both parts of a stage: of its filters the first half are those of the
part that goes past the blocks, the second half those of the part that goes through them.
"""

import functools
import re

from tests.architectures.moving import lift, randomise
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_INSIDE = (  # ours, theirs
    (r"^conv1_", "stem.conv1."),
    (r"^predictions", "head.fc"),
    (r"_(?:past|through)_", ".conv_exp."),
    (r"_transition_", ".conv_transition."),
    (r"_after_", ".conv_transition_b."),
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


def ours(name):
    """The net, as its peer is made."""
    build = architectures.ARCHITECTURES.get(name)
    return build((64, 64, 3), CLASSES, classifier_activation=None, dialect="timm")


def _peer(name, **options):
    return Peer("timm", name, functools.partial(ours, name), named, **options)


def drawn(net):
    """In training mode torch's own two memory layouts are 1.6e-4 apart with other weights."""
    return lift(randomise(net))


PEERS = (
    _peer("cspresnet50"),
    _peer("cspresnext50"),
    _peer("cspdarknet53", drawn=drawn),
)
