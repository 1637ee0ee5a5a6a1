"""Which architectures a file's weights may be of: by their names, and by how many there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from torch import Tensor

from .keras_naming import layers_of
from .matching import unwrapped
from .name_maps import NameMap
from .names import NAME_MAPS
from .naming import covered
from .sizes import SIZES

__all__ = ["dialect_of", "fitting_maps", "nearest_architectures"]

_KERAS = "keras"
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
    return [each for _, _, each in _fitting(architecture, *_said(names))]


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
    said, is_keras = _said(names)
    if is_keras and not said:  # a file that knows no names of layers
        maps = [each for each in NAME_MAPS.get(architecture, ()) if each.source == _KERAS]
    else:
        maps = [each for _, _, each in _fitting(architecture, said, is_keras)]
    return maps[0].dialect if maps else None


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
    counts, said = _counts(tensors), _said(tensors)
    found = []
    for architecture, (numbers, _) in SIZES.items() if counts else ():
        maps = _fitting(architecture, *said)
        sources = dict.fromkeys(each.source for _, _, each in maps)
        unused = round(min((share for _, share, _ in maps), default=1.0), 1)
        far = min(abs(math.log(numbers / count)) for count in counts)
        words = f"{architecture} (names of {', '.join(sources)})" if sources else architecture
        found.append((not sources, unused, far, words))
    return [words for *_, words in sorted(found)[:most]]


def _fitting(
    architecture: str, said: Sequence[str], is_keras: bool
) -> list[tuple[float, float, NameMap]]:
    """The maps that know most of the names, with the shares of what they do not and need not."""
    maps = [m for m in NAME_MAPS.get(architecture, ()) if (m.source == _KERAS) is is_keras]
    near = [(share, each) for each in maps if (share := _unknown(each, said)) <= _MOST_UNKNOWN]
    found = [(share, _unused(each, said), each) for share, each in near]
    return sorted(found, key=lambda row: row[:2])


def _said(names: Iterable[str]) -> tuple[list[str], bool]:
    """Names as maps know them, of a Keras file the layers'; and whether it is one."""
    given = list(names)
    layers = layers_of(given)
    return (unwrapped(given), False) if layers is None else (layers, True)


def _counts(tensors: Mapping[str, Tensor]) -> list[int]:
    """How many numbers are learned; and how many were, with a last layer for 1000 classes."""
    is_keras = layers_of(tensors) is not None
    learned = _learned_in_keras(tensors) if is_keras else _learned(tensors)
    count = sum(tensor.numel() for tensor in learned)
    heads = [tensor.shape for tensor in learned if tensor.dim() == 2]
    heads = heads or [shape for t in learned if len(shape := t.squeeze().shape) == 2]
    counts = [count]
    if heads:
        classes, width = heads[-1][:: -1 if is_keras else 1]
        counts.append(count + (width + 1) * (1000 - classes))
    return [each for each in counts if each > 0]


def _learned(tensors: Mapping[str, Tensor]) -> list[Tensor]:
    return [t for name, t in tensors.items() if name.rpartition(".")[2] not in _STATISTICS]


def _learned_in_keras(tensors: Mapping[str, Tensor]) -> list[Tensor]:
    """All but statistics: of a batch norm the last two arrays, of a Normalization all three."""
    layers: dict[str, list[Tensor]] = {}
    for name, tensor in tensors.items():
        layers.setdefault(name.rpartition("/")[0], []).append(tensor)
    learned: list[Tensor] = []
    for arrays in layers.values():
        shapes = {tuple(array.shape) for array in arrays}
        has_statistics = len(arrays) > 2 and len(shapes) == 1 and arrays[0].dim() == 1
        has_count = len(arrays) == 3 and arrays[2].dim() == 0
        learned += [] if has_count else arrays[:-2] if has_statistics else arrays
    return learned


def _unknown(known: NameMap, names: Iterable[str]) -> float:
    """The share of names that a map does not know; all where there are none."""
    said = [name for name in names if name.rpartition(".")[2] != _STATISTICS[-1]]
    return sum(not known.knows(name) for name in said) / len(said) if said else 1.0


def _unused(known: NameMap, names: Iterable[str]) -> float:
    """The share of a map's rules that speak of none of the names."""
    return sum(not any(covered(n, (r,)) for n in names) for r in known.rules) / len(known.rules)
