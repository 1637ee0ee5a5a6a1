"""Names that Keras gives to layers by itself, conv2d_7: what their numbers say, and what not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .naming import Rules

__all__ = ["base", "counted", "is_counted", "is_kind", "layers_of", "ranked", "unchanged"]

_KINDS = (
    "batch_normalization",
    "conv2d",
    "conv2d_transpose",
    "dense",
    "depthwise_conv2d",
    "functional",
    "group_normalization",
    "layer_normalization",
    "layer_scale",
    "model",
    "normalization",
    "separable_conv2d",
    "sequential",
)
_GIVEN = re.compile(rf"({'|'.join(_KINDS)})(?:_(\d+))?")
_COUNTED = re.compile(r"(.*?)(?:_(\d+))?")
_ARRAY = re.compile(r"(.+)/\d+")
_RANK = re.compile(r"#\d+")
_OLD_WORDS = {"model": "functional"}


def base(name: str) -> str:
    """A name without its number.

    Example:
        >>> base("conv2d_7"), base("conv2d")
        ('conv2d', 'conv2d')
    """
    found = _COUNTED.fullmatch(name)
    return found[1] if found else name


def is_kind(word: str) -> bool:
    """Whether a word is a class of Keras with weights, as Keras writes it in names.

    Example:
        >>> is_kind("conv2d"), is_kind("radial_basis")
        (True, False)
    """
    return word in _KINDS


def unchanged(*templates: str) -> Rules:
    """The rules of names that are ours and Keras'.

    Example:
        >>> unchanged("fc{n}", "predictions")
        (('fc{n}', 'fc{n}'), ('predictions', 'predictions'))
    """
    return tuple((template, template) for template in templates)


def ranked(names: Iterable[str]) -> list[str]:
    """The paths of layers, with each name that Keras gave by itself as its kind and its rank.

    Keras numbers layers as they are made, all that a program makes; so of the numbers in one model
    the order alone says something.

    Args:
        names: of layers; of a layer in a nested model "outer/inner".

    Example:
        >>> ranked(["conv2d_8", "stem", "conv2d_7", "model_1/dense_3"])
        ['conv2d#1', 'stem', 'conv2d#0', 'functional#0/dense#0']
    """
    paths = [name.split("/") for name in names]
    numbers: dict[tuple[tuple[str, ...], str], set[int]] = {}
    for path in paths:
        for depth, piece in enumerate(path):
            kind, number = _given(piece)
            numbers.setdefault((tuple(path[:depth]), kind), set()).add(number)
    ranks = {key: {n: rank for rank, n in enumerate(sorted(ns))} for key, ns in numbers.items()}

    def said(path: list[str], depth: int) -> str:
        kind, number = _given(path[depth])
        return f"{kind}#{ranks[tuple(path[:depth]), kind][number]}" if kind else path[depth]

    return ["/".join(said(path, depth) for depth in range(len(path))) for path in paths]


def counted(names: Iterable[str], kinds: Iterable[Sequence[str]]) -> list[str]:
    """The paths of layers as a file writes them that knows no names: by the counter of each class.

    Args:
        names: of layers, in the order of Keras' `model.layers`.
        kinds: of each, as long as its path: the classes as Keras writes them in names.

    Example:
        >>> counted(["b", "a", "net/c"], [["conv2d"], ["conv2d"], ["sequential", "dense"]])
        ['conv2d', 'conv2d_1', 'sequential/dense']
    """
    turns: dict[tuple[tuple[str, ...], str], dict[str, int]] = {}
    found = []
    for name, kinds_of_path in zip(names, kinds, strict=True):
        path, pieces = name.split("/"), []
        for depth, (piece, kind) in enumerate(zip(path, kinds_of_path, strict=True)):
            seen = turns.setdefault((tuple(path[:depth]), kind), {})
            turn = seen.setdefault(piece, len(seen))
            pieces.append(f"{kind}_{turn}" if turn else kind)
        found.append("/".join(pieces))
    return found


def is_counted(names: Sequence[str]) -> bool:
    """Whether a file's names, in its order, may be mere counters of classes.

    Example:
        >>> is_counted(["conv2d", "dense", "dense_1"]), is_counted(["dense_1", "dense_2"])
        (True, False)
    """
    paths = [name.split("/") for name in names]
    if not all(_GIVEN.fullmatch(piece) for path in paths for piece in path):
        return False
    kinds = [[base(piece) for piece in path] for path in paths]
    return counted(names, kinds) == list(names)


def layers_of(names: Iterable[str]) -> list[str] | None:
    """The layers of a Keras file's arrays, those with Keras' own names as their kind with "#".

    Args:
        names: of tensors; Keras' are "<layer>/<number>".

    Returns:
        None where the tensors are no Keras file's; [] where it knows no names of layers.

    Example:
        >>> layers_of(["stem/0", "stem/1", "conv2d_7/0"]), layers_of(["stem.weight"])
        (['stem', 'conv2d#'], None)
    """
    found = [_ARRAY.fullmatch(name) for name in names]
    layers = list(dict.fromkeys(each[1] for each in found if each))
    if not found or None in found:
        return None
    return [] if is_counted(layers) else [_RANK.sub("#", each) for each in ranked(layers)]


def _given(piece: str) -> tuple[str, int]:
    """The kind and number of a name that Keras gave; of another one "" and 0."""
    found = _GIVEN.fullmatch(piece)
    if found is None:
        return "", 0
    return _OLD_WORDS.get(found[1], found[1]), int(found[2] or 0)
