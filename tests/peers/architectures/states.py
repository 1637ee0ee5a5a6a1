"""The nets of torchvision and timm whose weights have names here, and a digest of those names."""

import functools
import hashlib
import json
from pathlib import Path

from tests.architectures.moving import calm, randomise
from tests.peers.architectures.peer import Peer
from tests.peers.architectures.peers import PEERS

FILE = Path(__file__).with_name("states.json")

_BOTH = (
    "densenet161",
    "densenet169",
    "densenet201",
    *(f"efficientnet_b{number}" for number in range(1, 8)),
    "resnet34",
    "resnet101",
    "resnet152",
    "resnext101_32x8d",
    "resnext101_64x4d",
)
_VGG = ("vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg19_bn")


def _calmed(net):
    """Fills a net so that its blocks add little, and float32 is enough for its depth."""
    randomise(net)
    for ending in ("_project_bn", "_3_bn", "_3_conv"):
        calm(net, ending)
    return net


_peer = functools.partial(Peer, drawn=_calmed)

MORE = (
    *(_peer(library, name) for name in _BOTH for library in ("torchvision", "timm")),
    *(_peer("torchvision", name) for name in _VGG),
    _peer("timm", "resnext101_32x4d"),
    _peer("timm", "resnetv2_101", "resnet101_v2"),
    _peer("timm", "resnetv2_152", "resnet152_v2"),
    *(_peer("timm", f"seresnet{depth}", f"se_resnet{depth}") for depth in ("34", "101", "152")),
    *(
        _peer("timm", f"legacy_seresnet{depth}", f"se_resnet{depth}", dialect="paper")
        for depth in ("101", "152")
    ),
    _peer("timm", "seresnext50_32x4d", "se_resnext50_32x4d"),
    _peer("timm", "senet154"),
)
"""Nets whose names are compared, and no more."""

STATES = (*PEERS, *MORE)


def digest(state):
    """How many tensors a state dict has, and a hash of their names, shapes and types."""
    lines = sorted(f"{name} {tuple(each.shape)} {each.dtype}" for name, each in state.items())
    return {"tensors": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def goldens():
    """name of a Peer -> the digest of its own state dict, with 1000 classes."""
    return json.loads(FILE.read_text(encoding="utf-8"))
