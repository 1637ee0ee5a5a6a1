"""The nets of torchvision and timm whose weights have names here, and a digest of those names."""

import hashlib
import json
from pathlib import Path

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

MORE = (
    *(Peer(library, name) for name in _BOTH for library in ("torchvision", "timm")),
    *(Peer("torchvision", name) for name in _VGG),
    Peer("timm", "resnext101_32x4d"),
    Peer("timm", "resnetv2_101", "resnet101_v2"),
    Peer("timm", "resnetv2_152", "resnet152_v2"),
    *(Peer("timm", f"seresnet{depth}", f"se_resnet{depth}") for depth in ("34", "101", "152")),
    *(
        Peer("timm", f"legacy_seresnet{depth}", f"se_resnet{depth}", dialect="paper")
        for depth in ("101", "152")
    ),
    Peer("timm", "seresnext50_32x4d", "se_resnext50_32x4d"),
    Peer("timm", "senet154"),
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
