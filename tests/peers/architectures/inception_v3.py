"""torchvision's Inception v3 with its classifier beside, and timm's without."""

import functools
import re

from tests.architectures.moving import lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_STEM = {
    "conv1": "Conv2d_1a_3x3",
    "conv2": "Conv2d_2a_3x3",
    "conv3": "Conv2d_2b_3x3",
    "conv4": "Conv2d_3b_1x1",
    "conv5": "Conv2d_4a_3x3",
}
_MODULES = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")


def named(name):
    """mixed0_branch5x5_1_conv.weight -> Mixed_5b.branch5x5_1.conv.weight"""
    name = re.sub(r"_(conv|bn)\.", r".\1.", name)
    name = re.sub(r"^mixed(\d+)_", lambda found: f"Mixed_{_MODULES[int(found[1])]}.", name)
    name = re.sub(r"^conv\d", lambda found: _STEM[found[0]], name)
    name = re.sub(r"^aux_(\d)", lambda found: f"AuxLogits.conv{int(found[1]) - 1}", name)
    name = name.replace("aux_predictions", "AuxLogits.fc")
    return name.replace("predictions", "fc")


def drawn(net):
    """Weights with which float32 is enough, and nothing is dropped."""
    return still(lift(randomise(net), 1.0))


def ours(dialect, side_px):
    """The net, as its peer is made."""
    shape = (side_px, side_px, 3)
    return architectures.inception_v3(shape, CLASSES, classifier_activation=None, dialect=dialect)


PEERS = (
    Peer(
        "torchvision",
        "inception_v3",
        functools.partial(ours, "torchvision", 299),
        named,
        options={"init_weights": False, "aux_logits": True},
        side_px=299,
        is_long=True,
        drawn=drawn,
    ),
    Peer(
        "timm",
        "inception_v3",
        functools.partial(ours, "timm", 139),
        named,
        side_px=139,
        drawn=drawn,
    ),
)
