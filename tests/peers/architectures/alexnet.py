"""torchvision's AlexNet, of one tower."""

from tests.architectures.moving import still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import alexnet_one_tower

_LAYERS = {
    "conv1": "features.0",
    "conv2": "features.3",
    "conv3": "features.6",
    "conv4": "features.8",
    "conv5": "features.10",
    "fc6": "classifier.1",
    "fc7": "classifier.4",
    "predictions": "classifier.6",
}


def named(name):
    """conv2.weight -> features.3.weight"""
    layer, _, key = name.partition(".")
    return f"{_LAYERS[layer]}.{key}"


def ours():
    """The net, as its peer is made."""
    return still(
        alexnet_one_tower((64, 64, 3), CLASSES, classifier_activation=None, dialect="torchvision")
    )


PEERS = (Peer("torchvision", "alexnet", ours, named),)
