"""Which architectures a file's weights may be of: by their names, and by how many there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from torch import Tensor

from .matching import unwrapped
from .name_maps import NameMap
from .names import NAME_MAPS
from .naming import covered
from .sizes import SIZES

__all__ = ["dialect_of", "fitting_maps", "nearest_architectures"]

_MOST_UNKNOWN = 0.2
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def fitting_maps(architecture: str, names: Iterable[str]) -> list[NameMap]:
    """The name maps of an architecture whose names these can be, the best first.

    Args:
        architecture: by its name.
        names: of tensors in a file.

    Example:
        >>> [each.source for each in fitting_maps("resnet18", ["conv1.weight", "fc.bias"])]
        ['torchvision', 'timm']
    """
    found = [(_unknown(each, names), each) for each in NAME_MAPS.get(architecture, ())]
    near = [pair for pair in found if pair[0] <= _MOST_UNKNOWN]
    return [each for _, each in sorted(near, key=lambda pair: pair[0])]


def dialect_of(architecture: str, names: Iterable[str]) -> str | None:
    """The dialect in which an architecture computes what the net of a file's names computes.

    Args:
        architecture: by its name.
        names: of tensors in a file.

    Returns:
        None where no library that is known here calls the weights of the net so.

    Example:
        >>> dialect_of("resnet18", ["module.conv1.weight", "module.fc.bias"])
        'torchvision'
    """
    plain = unwrapped(names)
    found = fitting_maps(architecture, plain)
    ranked = sorted(found, key=lambda each: (_unknown(each, plain), _unused(each, plain)))
    return ranked[0].dialect if ranked else None


def nearest_architectures(tensors: Mapping[str, Tensor], *, most: int = 3) -> list[str]:
    """Architectures of about as many numbers, those first whose names in some library these are.

    Args:
        tensors: of a file, by name.
        most: how many are named.

    Example:
        >>> import torch
        >>> with torch.device("meta"):
        ...     file = {"layer1.0.conv1.weight": torch.empty(11_689_512)}
        >>> nearest_architectures(file, most=1)
        ['resnet18 (names of torchvision, timm)']
    """
    names = unwrapped(tensors)
    counts = _counts(tensors)
    found = []
    for architecture, (numbers, _) in SIZES.items() if counts else ():
        sources = dict.fromkeys(each.source for each in fitting_maps(architecture, names))
        far = min(abs(math.log(numbers / count)) for count in counts)
        said = f"{architecture} (names of {', '.join(sources)})" if sources else architecture
        found.append((not sources, far, said))
    return [said for _, _, said in sorted(found)[:most]]


def _counts(tensors: Mapping[str, Tensor]) -> list[int]:
    """How many numbers are learned; and how many were, with a last layer for 1000 classes."""
    learned = [t for name, t in tensors.items() if name.rpartition(".")[2] not in _STATISTICS]
    count = sum(tensor.numel() for tensor in learned)
    heads = [tensor.shape for tensor in learned if tensor.dim() == 2]
    whole = [count + (heads[-1][1] + 1) * (1000 - heads[-1][0])] if heads else []
    return [each for each in (count, *whole) if each > 0]


def _unknown(known: NameMap, names: Iterable[str]) -> float:
    """The share of names that a map does not know."""
    said = [name for name in names if name.rpartition(".")[2] != _STATISTICS[-1]]
    return sum(not known.knows(name) for name in said) / max(1, len(said))


def _unused(known: NameMap, names: Iterable[str]) -> float:
    """The share of a map's rules that speak of none of the names."""
    return sum(not any(covered(n, (r,)) for n in names) for r in known.rules) / len(known.rules)
