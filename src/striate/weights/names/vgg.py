"""VGG in torchvision, which counts all layers of the blocks in a row."""

from __future__ import annotations

from ..name_maps import NameMap

__all__ = ["MAPS"]

_CONVOLUTIONS = {  # a block
    "vgg11": (1, 1, 2, 2, 2),
    "vgg13": (2, 2, 2, 2, 2),
    "vgg16": (2, 2, 3, 3, 3),
    "vgg19": (2, 2, 4, 4, 4),
}
_DENSE = (("fc1", "classifier.0"), ("fc2", "classifier.3"), ("predictions", "classifier.6"))


def _plain(counts: tuple[int, ...]) -> NameMap:
    """A convolution and its ReLU are two layers, the pooling after a block is one."""
    starts = [2 * sum(counts[:block]) + block for block in range(len(counts))]
    rules = [
        (f"block{block}_conv{{k}}", f"features.{{2*k{start - 2:+d}}}")
        for block, start in enumerate(starts, 1)
    ]
    return NameMap("torchvision", "torchvision", (*rules, *_DENSE))


def _normed(counts: tuple[int, ...]) -> NameMap:
    """A convolution, its norm and its ReLU are three layers."""
    starts = [3 * sum(counts[:block]) + block for block in range(len(counts))]
    rules = [
        (f"block{block}_conv{{k}}{ending}", f"features.{{3*k{start - 3 + place:+d}}}")
        for block, start in enumerate(starts, 1)
        for place, ending in enumerate(("", "_bn"))
    ]
    return NameMap("torchvision", "torchvision", (*rules, *_DENSE))


MAPS = {
    **{name: (_plain(counts),) for name, counts in _CONVOLUTIONS.items()},
    **{f"{name}_bn": (_normed(counts),) for name, counts in _CONVOLUTIONS.items()},
}
