"""timm's SE-ResNets, and those that it has from the authors' code."""

import functools
import re

from tests.architectures.moving import calm, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate import architectures

_INSIDE = (  # ours, theirs
    (r"^conv1_conv", "conv1"),
    (r"^conv1_bn", "bn1"),
    (r"^conv1_(\d)_conv", r"conv\1"),
    (r"^conv1_(\d)_bn", r"bn\1"),
    (r"^predictions", "fc"),
    (r"_0_conv", ".downsample.0"),
    (r"_0_bn", ".downsample.1"),
    (r"_(\d)_conv", r".conv\1"),
    (r"_(\d)_bn", r".bn\1"),
    (r"_se\.squeeze", ".se.fc1"),
    (r"_se\.excite", ".se.fc2"),
)


def named(name):
    """conv2_block1_se.squeeze.weight -> layer1.0.se.fc1.weight"""
    stage = re.match(r"conv(\d)_block(\d+)", name)
    if stage:
        name = f"layer{int(stage[1]) - 1}.{int(stage[2]) - 1}" + name[stage.end() :]
    for ours, theirs in _INSIDE:
        name = re.sub(ours, theirs, name)
    return name


def named_in_the_code(name):
    """conv1_conv.weight -> layer0.conv1.weight, and conv2_block1_se -> layer1.0.se_module"""
    inside = named(name).replace(".se.", ".se_module.")
    if name.startswith("predictions"):
        return inside.replace("fc", "last_linear")
    return f"layer0.{inside}" if name.startswith("conv1_") else inside


def drawn(net):
    """Weights under which the gates stand between open and shut, and nothing is dropped."""
    return still(calm(randomise(net), "_3_bn"))


def ours(name, dialect):
    """The net, as its peer is made."""
    build = architectures.ARCHITECTURES.get(name)
    return build((64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect)


PEERS = (
    Peer("timm", "seresnet18", functools.partial(ours, "se_resnet18", "timm"), named, drawn=drawn),
    Peer("timm", "seresnet50", functools.partial(ours, "se_resnet50", "timm"), named, drawn=drawn),
    Peer(
        "timm",
        "legacy_seresnet50",
        functools.partial(ours, "se_resnet50", "paper"),
        named_in_the_code,
        {"drop_rate": 0.0},
        drawn=drawn,
    ),
    Peer(
        "timm",
        "legacy_seresnext50_32x4d",
        functools.partial(ours, "se_resnext50_32x4d", "paper"),
        named_in_the_code,
        {"drop_rate": 0.0},
        drawn=drawn,
    ),
    Peer(
        "timm",
        "legacy_senet154",
        functools.partial(ours, "senet154", "paper"),
        named_in_the_code,
        {"drop_rate": 0.0},
        drawn=drawn,
        is_long=True,
    ),
)
