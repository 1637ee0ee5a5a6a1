"""timm's MobileNet."""

import re

from tests.architectures.moving import lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import mobilenet_v1

BLOCKS = (1, 2, 2, 6, 2)
PLACES = [(stage, block) for stage, count in enumerate(BLOCKS) for block in range(count)]
_INSIDE = (  # ours, theirs
    (r"^conv1_bn", "bn1"),
    (r"^conv1", "conv_stem"),
    (r"^conv_preds", "classifier"),
)
_LAYERS = {"conv_dw": "conv_dw", "conv_dw_bn": "bn1", "conv_pw": "conv_pw", "conv_pw_bn": "bn2"}


def named(name):
    """conv_dw_2_bn.weight -> blocks.1.0.bn1.weight"""
    inside = re.match(r"(conv_[dp]w)_(\d+)(_bn)?", name)
    if inside:
        stage, block = PLACES[int(inside[2]) - 1]
        layer = _LAYERS[inside[1] + (inside[3] or "")]
        return f"blocks.{stage}.{block}.{layer}" + name[inside.end() :]
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def ours():
    """The net, as its peer is made."""
    return still(mobilenet_v1((128, 128, 3), CLASSES, classifier_activation=None, dialect="timm"))


def drawn(net):
    """Its weights."""
    return lift(randomise(net))


PEERS = (Peer("timm", "mobilenetv1_100", ours, named, side_px=128, drawn=drawn),)
