"""Where Keras 3 keeps variables: a folder for each layer, under its attribute or its class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from striate.io.damage import Damaged
from striate.io.foreign.array_tree import Folder, StoredArray
from striate.io.foreign.keras_config import DescribedLayer
from striate.io.foreign.keras_contents import TOP, KerasLayer

__all__ = ["variables_of_layers"]

_VARIABLES = "vars"
_LISTS = ("layers", "_layer_checkpoint_dependencies")
_BESIDE = ("optimizer", "metrics", "_compile_metrics", "_compile_loss", "_loss_tracker")
_RANDOM = re.compile(r"seed_generator(_\d+)?")
_COUNTED = re.compile(r"(.*?)(?:_(\d+))?")


@dataclass(frozen=True)
class _Place:
    """A folder of variables."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    kind: str
    variables: Folder


def variables_of_layers(
    root: Folder, described: Sequence[DescribedLayer]
) -> tuple[dict[KerasLayer, tuple[StoredArray, ...]], tuple[str, ...]]:
    """The variables of each layer, and the paths of what is left out.

    Names are the layers' own where the file or the model's description has them, else the counters
    of their classes. Two layers of one name are told apart by their paths.

    Args:
        root: of a `.weights.h5` file.
        described: the model's layers in their order, where it is known.

    Raises:
        Damaged: the variables of a layer are not numbered from 0.
    """
    known = {layer.path: layer for layer in described}
    order = {layer.path: number for number, layer in enumerate(described)}
    places = sorted(_places(root, known), key=lambda place: _rank(place.path, order))
    left_out: list[str] = []
    found: list[tuple[_Place, str, tuple[StoredArray, ...]]] = []
    for place in places:
        path = "/".join(place.path)
        if _is_beside(place):
            left_out.append(path)
            continue
        numbered = [name for name in place.variables.arrays if name.isdecimal()]
        left_out += [f"{path}/{each}" for each in place.variables.arrays if each not in numbered]
        if sorted(numbered, key=int) != [str(number) for number in range(len(numbered))]:
            raise Damaged(f"variables that are not numbered from 0, at {path[:80]!r}")
        if numbered:
            arrays = tuple(place.variables.arrays[str(n)] for n in range(len(numbered)))
            found.append((place, "/".join(place.names) or TOP, arrays))
    taken = Counter(name for _, name, _ in found)
    layers = {
        KerasLayer(name if taken[name] == 1 else "/".join(place.path), place.kind, len(arrays)): (
            arrays
        )
        for place, name, arrays in found
    }
    return layers, tuple(left_out)


def _places(
    folder: Folder,
    known: dict[tuple[str, ...], DescribedLayer],
    path: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    pieces: tuple[str, ...] = (),
    of_a_list: bool = False,
) -> Iterator[_Place]:
    """The folders of variables at and below a folder; `pieces` lie below the last layer's."""
    variables = folder.folders.get(_VARIABLES)
    if variables is not None:
        described = known.get(tuple("layers" if piece in _LISTS else piece for piece in path))
        kind = described.kind if described else _base(path[-1]) if path and of_a_list else ""
        if path:
            unnamed = [piece for piece in pieces if piece not in _LISTS] or list(path[-1:])
            last = described.name.rpartition("/")[2] if described else "/".join(unnamed)
            names = (*names, _own_name(variables) or last)
        yield _Place(path, names, kind, variables)
        pieces = ()
    for name, inner in folder.folders.items():
        if name != _VARIABLES:
            listed = path[-1:] and (path[-1] in _LISTS or (variables is None and _named(inner)))
            yield from _places(inner, known, (*path, name), names, (*pieces, name), bool(listed))


def _named(folder: Folder) -> bool:
    """Whether the file knows the layer's name: then what has no variables is a list of layers."""
    variables = folder.folders.get(_VARIABLES)
    return variables is not None and bool(_own_name(variables))


def _own_name(variables: Folder) -> str:
    given = variables.texts("name") or ("",)
    if len(given) != 1 or len(given[0]) > 300 or not given[0].isprintable():
        raise Damaged(f"a layer whose name is no word: {given[0][:80]!r}")
    return given[0]


def _is_beside(place: _Place) -> bool:
    """Whether variables belong to training or to chance, not to a layer."""
    if place.path[:1] and place.path[0] in _BESIDE:
        return True
    return bool(
        place.path and (_RANDOM.fullmatch(place.path[-1]) or _RANDOM.fullmatch(place.names[-1]))
    )


def _rank(path: tuple[str, ...], order: dict[tuple[str, ...], int]) -> tuple[float, object]:
    """The model's order by the longest part of a path that it knows, then words and counters."""
    known = (order[path[:size]] for size in range(len(path), 0, -1) if path[:size] in order)
    return next(known, float("inf")), [(_base(piece), _count(piece)) for piece in path]


def _base(piece: str) -> str:
    found = _COUNTED.fullmatch(piece)
    return found[1] if found else piece


def _count(piece: str) -> int:
    found = _COUNTED.fullmatch(piece)
    return int(found[2] or 0) if found else 0
