"""Where Keras 1 and 2 keep variables, and Keras 3 in its `.h5`: by lists of names in attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from striate.io.damage import Damaged
from striate.io.foreign.array_tree import Folder, StoredArray
from striate.io.foreign.keras_config import DescribedLayer
from striate.io.foreign.keras_contents import TOP, KerasLayer

__all__ = ["is_older", "listed_variables"]

_WHOLE_MODEL = "model_weights"
_BESIDE = ("optimizer_weights",)
_NOTES = ("training_config",)
_MOST_ROWS = 1000


def is_older(root: Folder) -> bool:
    """Whether a file lists its layers in attributes."""
    return _WHOLE_MODEL in root.folders or _row(root, "layer_names") is not None


def listed_variables(
    root: Folder, described: Sequence[DescribedLayer]
) -> tuple[list[tuple[KerasLayer, list[StoredArray]]], tuple[str, ...]]:
    """The variables of each layer in the file's order, and the names of what is left out.

    A nested model's variables are listed in one row; those that are named after layers inside it
    are told apart by these names.

    Args:
        root: of an `.h5` file.
        described: the model's layers, where they are known.

    Raises:
        Damaged: a list is missing, or names what is not there.
    """
    top = root.folders.get(_WHOLE_MODEL, root)
    listed = _row(top, "layer_names")
    if listed is None:
        raise Damaged("a Keras file without the list of its layers")
    if len(set(listed)) < len(listed):
        raise Damaged("a Keras file that lists a layer twice")
    known = {layer.name: layer for layer in described}
    layers: list[tuple[KerasLayer, list[StoredArray]]] = []
    for name in (*listed, *({TOP} & set(top.folders) - set(listed))):
        inside = _inside(name, described) if name in known and known[name].is_model else None
        for inner, arrays in _of_layer(top, name, inside).items():
            kind = known[inner].kind if inner in known else ""
            layers.append((KerasLayer(inner, kind, len(arrays)), arrays))
    beside = [name for name in _BESIDE if name in root.folders]
    return layers, (*beside, *(name for name in _NOTES if root.texts(name) is not None))


def _inside(name: str, described: Sequence[DescribedLayer]) -> dict[str, str]:
    """The layers in a nested model: the last word of a name -> the name, where that says it."""
    names = [each.name for each in described if each.name.startswith(f"{name}/")]
    last = [each.rpartition("/")[2] for each in names]
    return {word: full for word, full in zip(last, names, strict=True) if last.count(word) == 1}


def _of_layer(
    top: Folder, name: str, inside: Mapping[str, str] | None
) -> dict[str, list[StoredArray]]:
    """The variables of a layer, or of each layer inside it, by full name."""
    folder = top.folder(name)
    rows = None if folder is None else _row(folder, "weight_names")
    if folder is None or rows is None:
        raise Damaged(f"a layer that is listed and not there: {name[:80]!r}")
    if len(set(rows)) < len(rows):
        raise Damaged(f"a layer that lists a variable twice: {name[:80]!r}")
    owners = [_owner(row, name) for row in rows]
    split = inside is not None or len(set(owners)) > 1
    known = inside or {}
    found: dict[str, list[StoredArray]] = {}
    for row, owner in zip(rows, owners, strict=True):
        array = folder.array(row)
        if array is None:
            raise Damaged(f"a variable that is listed and not there: {row[:80]!r}")
        full = known.get(owner.rpartition("/")[2], f"{name}/{owner}") if split and owner else name
        found.setdefault(full, []).append(array)
    return found


def _owner(row: str, name: str) -> str:
    """The layer inside `name` that a variable is named after; "" for `name` itself."""
    above = "/" + row.rpartition("/")[0] + "/"
    _, found, below = above.rpartition(f"/{name}/")
    return (below if found else above).strip("/")


def _row(folder: Folder, name: str) -> tuple[str, ...] | None:
    """The texts of an attribute, which Keras spreads over several where they are many."""
    whole = folder.texts(name)
    if whole is not None:
        return whole
    parts: list[str] = []
    for number in range(_MOST_ROWS):
        part = folder.texts(f"{name}{number}")
        if part is None:
            return tuple(parts) if number else None
        parts += part
    raise Damaged(f"an attribute {name} in more than {_MOST_ROWS:,} parts")
