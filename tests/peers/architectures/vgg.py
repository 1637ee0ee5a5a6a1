"""torchvision's VGG nets."""

import functools
import re

from tests.architectures.moving import still
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures
from striate.architectures.vgg import VARIANTS

_DENSE = {"fc1": "classifier.0", "fc2": "classifier.3", "predictions": "classifier.6"}


def named(variant, is_normed, name):
    """block2_conv1.weight -> features.3.weight"""
    layer, _, key = name.partition(".")
    if layer in _DENSE:
        return f"{_DENSE[layer]}.{key}"
    block, number, ending = re.fullmatch(r"block(\d)_conv(\d)(_bn)?", layer).groups()
    before = VARIANTS[variant].convolutions[: int(block) - 1]
    layers = sum(before) + int(number) - 1  # each with its relu, and perhaps its norm
    place = layers * (3 if is_normed else 2) + len(before) + bool(ending)
    return f"features.{place}.{key}"


def ours(name):
    """The net, as its peer is made."""
    build = architectures.ARCHITECTURES.get(name)
    return still(build((64, 64, 3), CLASSES, classifier_activation=None, dialect="torchvision"))


PEERS = tuple(
    Peer(
        "torchvision",
        name,
        functools.partial(ours, name),
        functools.partial(named, name.removesuffix("_bn"), name.endswith("_bn")),
        is_long=True,
    )
    for name in ("vgg11", "vgg16_bn")
)
