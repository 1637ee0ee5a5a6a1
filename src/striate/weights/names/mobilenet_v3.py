"""MobileNetV3 in torchvision and timm, whose last layers are dense where ours are convolutions."""

from __future__ import annotations

from dataclasses import dataclass

from ..name_maps import NameMap

__all__ = ["MAPS"]


@dataclass(frozen=True)
class _Blocks:
    """What the names depend on.

    Args:
        weighed: the blocks that weigh their channels, counted from 0.
        stages: how many blocks there are in each stage of timm's.
    """

    weighed: frozenset[int]
    stages: tuple[int, ...]


_VARIANTS = {
    "mobilenet_v3_large": _Blocks(frozenset((3, 4, 5, *range(10, 15))), (1, 2, 3, 4, 2, 3)),
    "mobilenet_v3_small": _Blocks(frozenset((0, *range(3, 11))), (1, 2, 3, 2, 3)),
}


def _block(number: int) -> str:
    return f"expanded_conv_{number}" if number else "expanded_conv"


def _torchvision(blocks: _Blocks) -> NameMap:
    """A block's parts stand in a row; the first block has no wider middle."""
    count, rules = sum(blocks.stages), []
    for number in range(count):
        parts = ["expand", "depthwise", "weighing", "project"]
        if not number:
            parts.remove("expand")
        if number not in blocks.weighed:
            parts.remove("weighing")
        ours, theirs = _block(number), f"features.{number + 1}.block"
        for place, part in enumerate(parts):
            if part == "weighing":
                rules += [
                    (f"{ours}_squeeze_excite_conv", f"{theirs}.{place}.fc1"),
                    (f"{ours}_squeeze_excite_conv_1", f"{theirs}.{place}.fc2"),
                ]
            else:
                rules += [
                    (f"{ours}_{part}", f"{theirs}.{place}.0"),
                    (f"{ours}_{part}_bn", f"{theirs}.{place}.1"),
                ]
    ends = (
        ("conv", "features.0.0"),
        ("conv_bn", "features.0.1"),
        ("conv_1", f"features.{count + 1}.0"),
        ("conv_1_bn", f"features.{count + 1}.1"),
        ("conv_2", "classifier.0"),
        ("logits", "classifier.3"),
    )
    axes = (("classifier.0.weight", 2), ("classifier.3.weight", 2))
    return NameMap("torchvision", "torchvision", (*rules, *ends), axes=axes)


def _timm(blocks: _Blocks) -> NameMap:
    """A block's convolutions are named by what they do, its norms by number."""
    places = [(stage, block) for stage, n in enumerate(blocks.stages) for block in range(n)]
    rules = []
    for number, (stage, block) in enumerate(places):
        wide = number > 0
        ours, theirs = _block(number), f"blocks.{stage}.{block}"
        rules += [
            (f"{ours}_expand", f"{theirs}.conv_pw"),
            (f"{ours}_expand_bn", f"{theirs}.bn1"),
            (f"{ours}_depthwise", f"{theirs}.conv_dw"),
            (f"{ours}_depthwise_bn", f"{theirs}.bn{1 + wide}"),
            (f"{ours}_squeeze_excite_conv", f"{theirs}.se.conv_reduce"),
            (f"{ours}_squeeze_excite_conv_1", f"{theirs}.se.conv_expand"),
            (f"{ours}_project", f"{theirs}.conv_pw{'l' * wide}"),
            (f"{ours}_project_bn", f"{theirs}.bn{2 + wide}"),
        ]
    ends = (
        ("conv", "conv_stem"),
        ("conv_bn", "bn1"),
        ("conv_1", f"blocks.{len(blocks.stages)}.0.conv"),
        ("conv_1_bn", f"blocks.{len(blocks.stages)}.0.bn1"),
        ("conv_2", "conv_head"),
        ("logits", "classifier"),
    )
    return NameMap("timm", "timm", (*rules, *ends), axes=(("classifier.weight", 2),))


MAPS = {name: (_torchvision(blocks), _timm(blocks)) for name, blocks in _VARIANTS.items()}
