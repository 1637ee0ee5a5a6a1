"""Where Keras 3 keeps variables: in a folder for each layer, under its attribute or its class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from striate.io.damage import Damaged
from striate.io.foreign.array_tree import Folder, StoredArray
from striate.io.foreign.keras_config import DescribedLayer
from striate.io.foreign.keras_contents import TOP, KerasLayer

__all__ = ["variables_of_layers"]

_VARIABLES, _LIST = "vars", "layers"
_OLDER_LIST = "_layer_checkpoint_dependencies"
_BESIDE = ("optimizer", "metrics", "_compile_metrics", "_compile_loss", "_loss_tracker")
_RANDOM = re.compile(r"seed_generator(_\d+)?")
_COUNTED = re.compile(r"(.*?)(?:_(\d{1,9}))?")
_NAME_LETTERS = 300


@dataclass(frozen=True)
class _Place:
    """A folder of variables: where it is, the names of the layers down to it, its class."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    kind: str
    arrays: Mapping[str, StoredArray]


def variables_of_layers(
    root: Folder, described: Sequence[DescribedLayer]
) -> tuple[list[tuple[KerasLayer, list[StoredArray]]], tuple[str, ...]]:
    """The variables of each layer, and the paths of what is left out.

    Names are the layers' own where the file or the model's description has them, else the counters
    of their classes. Layers of one name get their paths instead.

    Args:
        root: of a `.weights.h5` file.
        described: the model's layers in their order, where it is known.

    Raises:
        Damaged: the variables of a layer are not numbered from 0; a name is no word.
    """
    order = {layer.path: number for number, layer in enumerate(described)}
    known = {layer.path: layer for layer in described}
    places = sorted(_places(root, known), key=lambda place: _rank(place.path, order))
    ours = [place for place in places if not _is_beside(place)]
    left_out = ["/".join(place.path) for place in places if _is_beside(place)]
    left_out += _strays(root, "")
    taken = Counter("/".join(place.names) for place in ours if place.arrays)
    layers: list[tuple[KerasLayer, list[StoredArray]]] = []
    for place in ours:
        path, name = "/".join(place.path), "/".join(place.names)
        arrays = _numbered(place.arrays, path)
        left_out += [f"{path}/{_VARIABLES}/{each}" for each in place.arrays if not each.isdecimal()]
        if arrays:
            layer = KerasLayer((name if taken[name] == 1 else path) or TOP, place.kind, len(arrays))
            layers.append((layer, arrays))
    return layers, tuple(left_out)


def _places(
    folder: Folder,
    known: Mapping[tuple[str, ...], DescribedLayer],
    *,
    path: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    pieces: tuple[str, ...] = (),
    in_a_list: bool = False,
) -> Iterator[_Place]:
    """The folders of variables at and below a folder; `pieces` lie below the last layer's."""
    variables = folder.folders.get(_VARIABLES)
    if variables is not None:
        kind = _base(path[-1]) if in_a_list else ""
        if path:
            last = [piece for piece in pieces if piece != _LIST]
            if path in known:
                kind, last = known[path].kind, [known[path].name.rpartition("/")[2]]
            names = (*names, _own_name(variables) or "/".join(last))
        yield _Place(path, names, kind, variables.arrays)
        pieces = ()
    for name, inner in folder.folders.items():
        if name != _VARIABLES:
            piece = _LIST if name == _OLDER_LIST else name
            listed = bool(path) and variables is None and _is_named(inner)
            yield from _places(
                inner,
                known,
                path=(*path, piece),
                names=names,
                pieces=(*pieces, piece),
                in_a_list=listed or path[-1:] == (_LIST,),
            )


def _is_named(folder: Folder) -> bool:
    """Whether the file knows the layer's name: it then has variables, if none, for every layer."""
    variables = folder.folders.get(_VARIABLES)
    return variables is not None and bool(_own_name(variables))


def _own_name(variables: Folder) -> str:
    given = variables.texts("name") or ("",)
    if len(given) != 1 or len(given[0]) > _NAME_LETTERS or not given[0].isprintable():
        raise Damaged(f"a layer whose name is no word: {given[0][:80]!r}")
    return given[0]


def _is_beside(place: _Place) -> bool:
    """Whether variables belong to training or to chance, not to a layer."""
    if not place.path:
        return False
    last = (place.path[-1], place.names[-1])
    return place.path[0] in _BESIDE or any(map(_RANDOM.fullmatch, last))


def _strays(folder: Folder, path: str) -> Iterator[str]:
    """The paths of arrays that stand elsewhere than among variables."""
    for name, inner in folder.folders.items():
        here = f"{path}/{name}" if path else name
        if name != _VARIABLES:
            yield from (f"{here}/{array}" for array in inner.arrays)
        yield from _strays(inner, here)


def _numbered(arrays: Mapping[str, StoredArray], path: str) -> list[StoredArray]:
    numbers = sorted((name for name in arrays if name.isdecimal()), key=int)
    if numbers != [str(number) for number in range(len(numbers))]:
        raise Damaged(f"variables that are not numbered from 0, at {path[:80]!r}")
    return [arrays[number] for number in numbers]


def _rank(path: tuple[str, ...], order: Mapping[tuple[str, ...], int]) -> tuple[float, object]:
    """The model's order by the longest part of a path that it knows, then words and counters."""
    parts = (path[:size] for size in range(len(path), 0, -1))
    place = next((order[part] for part in parts if part in order), float("inf"))
    return place, [(_base(piece), _count(piece)) for piece in path]


def _base(piece: str) -> str:
    found = _COUNTED.fullmatch(piece)
    return found[1] if found else piece


def _count(piece: str) -> int:
    found = _COUNTED.fullmatch(piece)
    return int(found[2] or 0) if found else 0
