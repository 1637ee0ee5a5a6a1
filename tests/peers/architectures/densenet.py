"""torchvision's and timm's DenseNet."""

import functools
import re

from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_WHOLE = (  # ours, theirs
    (r"^conv1_conv", "features.conv0"),
    (r"^conv1_bn", "features.norm0"),
    (r"^bn", "features.norm5"),
    (r"^predictions", "classifier"),
    (r"^pool(\d)_(bn|conv)", lambda m: f"features.transition{int(m[1]) - 1}.{_KIND[m[2]]}"),
    (
        r"^conv(\d)_block(\d+)_(\d)_(bn|conv)",
        lambda m: (
            f"features.denseblock{int(m[1]) - 1}.denselayer{m[2]}."
            f"{_KIND[m[4]]}{int(m[3]) + (m[4] == 'bn')}"
        ),
    ),
)
_KIND = {"bn": "norm", "conv": "conv"}


def named(name):
    """conv2_block1_0_bn.weight -> features.denseblock1.denselayer1.norm1.weight"""
    for ours, theirs in _WHOLE:
        name = re.sub(ours, theirs, name)
    return name


def ours(dialect):
    """The net, as its peer is made."""
    return architectures.densenet121(
        (64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect
    )


PEERS = tuple(
    Peer(library, "densenet121", functools.partial(ours, library), named)
    for library in ("torchvision", "timm")
)
