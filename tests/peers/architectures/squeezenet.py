"""torchvision's SqueezeNets."""

import functools

from tests.architectures.moving import still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import ARCHITECTURES

_FIRES = {  # fire2 … fire9
    "squeezenet": (3, 4, 5, 7, 8, 9, 10, 12),
    "squeezenet_1_1": (3, 4, 6, 7, 9, 10, 11, 12),
}


def named(places, name):
    """fire2_squeeze1x1.weight -> features.3.squeeze.weight"""
    layer, _, key = name.partition(".")
    if layer.startswith("fire"):
        fire, inner = layer.split("_")
        place = places[int(fire.removeprefix("fire")) - 2]
        return f"features.{place}.{inner.replace('squeeze1x1', 'squeeze')}.{key}"
    return {"conv1": "features.0", "conv10": "classifier.1"}[layer] + f".{key}"


def ours(name):
    """The net, as its peer is made."""
    return still(
        ARCHITECTURES.get(name)(
            (64, 64, 3), CLASSES, classifier_activation=None, dialect="torchvision"
        )
    )


PEERS = tuple(
    Peer(
        "torchvision",
        theirs,
        functools.partial(ours, name),
        functools.partial(named, _FIRES[name]),
        side_px=64,
    )
    for name, theirs in (("squeezenet", "squeezenet1_0"), ("squeezenet_1_1", "squeezenet1_1"))
)
