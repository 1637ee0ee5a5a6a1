"""torchvision's and timm's MobileNetV3."""

import functools
import re

from tests.architectures.moving import calm, lift, randomise, still
from tests.peers.architectures.peer import CLASSES, Peer

from striate.architectures import ARCHITECTURES

TIMM_BLOCKS = {"mobilenet_v3_large": (1, 2, 3, 4, 2, 3), "mobilenet_v3_small": (1, 2, 3, 2, 3)}


def _block(layer):
    """(number of the block, part, whether it is the norm)."""
    found = re.fullmatch(r"expanded_conv(?:_(\d+))?_([a-z_]+?(?:_1)?)(_bn)?", layer)
    return int(found[1] or 0), found[2], bool(found[3])


def torchvision_named(variant, name):
    """expanded_conv_3_squeeze_excite_conv.weight -> features.4.block.2.fc1.weight"""
    layer, _, weight = name.partition(".")
    rows = ARCHITECTURES.get(variant).variant.rows
    last = f"features.{len(rows) + 1}"
    outside = {
        "conv": "features.0.0",
        "conv_bn": "features.0.1",
        "conv_1": f"{last}.0",
        "conv_1_bn": f"{last}.1",
        "conv_2": "classifier.0",
        "logits": "classifier.3",
    }
    if layer in outside:
        return f"{outside[layer]}.{weight}"
    number, part, norm = _block(layer)
    first = 1 if number else 0  # the first block has no wider middle
    squeezes = rows[number].squeezes
    inside = {
        "expand": f"0.{int(norm)}",
        "depthwise": f"{first}.{int(norm)}",
        "squeeze_excite_conv": f"{first + 1}.fc1",
        "squeeze_excite_conv_1": f"{first + 1}.fc2",
        "project": f"{first + 1 + squeezes}.{int(norm)}",
    }[part]
    return f"features.{number + 1}.block.{inside}.{weight}"


def timm_named(variant, name):
    """expanded_conv_3_squeeze_excite_conv.weight -> blocks.2.0.se.conv_reduce.weight"""
    layer, _, weight = name.partition(".")
    blocks = TIMM_BLOCKS[variant]
    outside = {
        "conv": "conv_stem",
        "conv_bn": "bn1",
        "conv_1": f"blocks.{len(blocks)}.0.conv",
        "conv_1_bn": f"blocks.{len(blocks)}.0.bn1",
        "conv_2": "conv_head",
        "logits": "classifier",
    }
    if layer in outside:
        return f"{outside[layer]}.{weight}"
    number, part, norm = _block(layer)
    places = [(stage, block) for stage, count in enumerate(blocks) for block in range(count)]
    stage, block = places[number]
    convolutions = {
        "expand": ("conv_pw", "bn1"),
        "depthwise": ("conv_dw", "bn2" if number else "bn1"),
        "squeeze_excite_conv": ("se.conv_reduce", ""),
        "squeeze_excite_conv_1": ("se.conv_expand", ""),
        "project": ("conv_pwl", "bn3") if number else ("conv_pw", "bn2"),
    }
    return f"blocks.{stage}.{block}.{convolutions[part][norm]}.{weight}"


def ours(variant, dialect):
    """The net, as its peer is made."""
    build = ARCHITECTURES.get(variant)
    return still(build((64, 64, 3), CLASSES, classifier_activation=None, dialect=dialect))


def drawn(net):
    """Its weights: blocks add little, so that no gate is far beyond where it saturates."""
    return lift(calm(randomise(net), "_project_bn"))


PEERS = (
    *(
        Peer(
            "torchvision",
            variant,
            functools.partial(ours, variant, "torchvision"),
            functools.partial(torchvision_named, variant),
            {"dropout": 0.0},
            drawn=drawn,
        )
        for variant in TIMM_BLOCKS
    ),
    *(
        Peer(
            "timm",
            f"{variant.replace('_v3', 'v3')}_100",
            functools.partial(ours, variant, "timm"),
            functools.partial(timm_named, variant),
            drawn=drawn,
        )
        for variant in TIMM_BLOCKS
    ),
)
