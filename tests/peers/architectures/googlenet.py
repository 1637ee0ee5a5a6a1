"""torchvision's GoogLeNet, of 3 × 3 windows and batch normalisation."""

import re

from tests.architectures.moving import still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import googlenet_3x3

_INSIDE = (  # ours, theirs
    (r"^conv2_(conv|bn)", r"conv3_\1"),
    (r"^inception_(\d\w)_", r"inception\1."),
    (r"\.1x1_", ".branch1_"),
    (r"\.3x3_reduce_", ".branch2.0_"),
    (r"\.3x3_", ".branch2.1_"),
    (r"\.5x5_reduce_", ".branch3.0_"),
    (r"\.5x5_", ".branch3.1_"),
    (r"\.pool_proj_", ".branch4.1_"),
    (r"^aux(\d)_predictions", r"aux\1.fc2"),
    (r"^aux(\d)_fc", r"aux\1.fc1"),
    (r"^aux(\d)_(conv|bn)", r"aux\1.conv_\2"),
    (r"^predictions", "fc"),
    (r"_(conv|bn)\.", r".\1."),
)


def named(name):
    """inception_3a_5x5_reduce_conv.weight -> inception3a.branch3.0.conv.weight"""
    if name.startswith("conv2_reduce_"):
        return name.replace("conv2_reduce_", "conv2.", 1)
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def ours():
    """The net, as its peer is made."""
    return still(
        googlenet_3x3((128, 128, 3), CLASSES, classifier_activation=None, dialect="torchvision")
    )


PEERS = (
    Peer(
        "torchvision",
        "googlenet",
        ours,
        named,
        options={"init_weights": False, "aux_logits": True},
        side_px=128,
    ),
)
