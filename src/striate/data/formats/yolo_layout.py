"""Where YOLO's pictures are, and what its classes are called: data.yaml, or the folders' names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from striate import _check
from striate.data.formats.clue import Clue
from striate.data.formats.documents import read_text, read_yaml
from striate.data.formats.entries import entries, folders
from striate.data.formats.parts import PARTS, in_order, part_of, quoted
from striate.errors import DataError

__all__ = ["YoloLayout", "yolo_clue", "yolo_layout"]

_NAMES = ("classes.txt", "obj.names", "classes.names")


@dataclass(frozen=True)
class YoloLayout:
    """What is to be read.

    Args:
        source: the file that names the classes.
        names: class number to name; numbers may have gaps.
        places: of each part: folders of pictures, or text files that list pictures.
        missing: (path, reason) of places that are named and not there.
        keypoints: whether lines hold keypoints behind the box.
    """

    source: Path
    names: dict[int, str]
    places: dict[str, tuple[Path, ...]]
    missing: tuple[tuple[Path, str], ...] = ()
    keypoints: bool = False


def yolo_clue(root: Path) -> Clue | None:
    """The clue that a folder has a YAML file of classes and parts, or label files of YOLO's."""
    names = [path.name for path in _yaml_files(root)]
    labelled = _labelled(root)
    if names:
        uses = frozenset([*names, "images", "labels", *(place.split("/")[0] for place in labelled)])
        return Clue(f"{quoted(names)} names classes and parts", uses)
    if not labelled:
        return None
    uses = frozenset(place.split("/")[0] for place in labelled)
    return Clue(f"{quoted(labelled)} hold pictures and text files of labels", uses | {"labels"})


def yolo_layout(root: Path, *, inside: Path | None = None) -> YoloLayout:
    """The classes and places that a data.yaml names; without one, those of the folder's layout.

    Args:
        root: a YAML file, or a folder.
        inside: a folder that no place may lie outside of. Default None: anywhere.

    Raises:
        DataError: several YAML files, classes without names or numbers, no part train, or a
            part train that is not there.
    """
    if os.path.isfile(root):
        return _from_yaml(root, inside)
    files = _yaml_files(root)
    chosen = [path for path in files if path.stem == "data"] or files
    if len(chosen) > 1:
        got, fix = quoted(path.name for path in files), f'Name the one to read, as "{files[0]}".'
        _check.data_fail(f'Folder "{root}"', "have one YAML file of classes", got, fix)
    return _from_yaml(chosen[0], inside) if chosen else _from_folders(root)


def _yaml_files(root: Path) -> list[Path]:
    """The YAML files in a folder that name classes and parts."""
    found = []
    for entry in entries(root):
        path = root / entry.name
        if path.suffix.lower() in (".yaml", ".yml") and entry.name[0] != ".":
            try:
                data = read_yaml(path)
            except DataError:
                continue
            if isinstance(data, dict) and "names" in data and data.keys() & {*PARTS, "path"}:
                found.append(path)
    return found


def _labelled(root: Path) -> dict[str, Path]:
    """Folders of pictures with labels beside them: images, or train/images, …, by their names."""
    found = {}
    for below in ("", *(f"{entry.name}/" for entry in folders(root) if part_of(entry.name))):
        images, labels = root / f"{below}images", root / f"{below}labels"
        if os.path.isdir(images) and os.path.isdir(labels) and _holds_text(labels):
            found[f"{below}images"] = images
    return found


def _holds_text(folder: Path) -> bool:
    """Whether label files lie in a folder, or in a folder in it."""
    inside = [folder, *(folder / entry.name for entry in folders(folder))]
    found = (entry.name for place in inside for entry in entries(place))
    return any(name.endswith(".txt") and name not in _NAMES for name in found)


def _from_yaml(path: Path, inside: Path | None) -> YoloLayout:
    place = f'File "{path}"'
    data = read_yaml(path)
    if not isinstance(data, dict):
        _check.data_fail(
            place, "hold names and parts", type(data).__name__, "See YOLO's data.yaml."
        )
    names = _numbered(place, data.get("names"))
    if str(data.get("nc", len(names))) != str(len(names)):
        got, fix = f"nc: {data['nc']}, and {len(names)} names", "Mend the file."
        _check.data_fail(place, "have as many names as nc says", got, fix)
    places: dict[str, tuple[Path, ...]] = {}
    missing = []
    for key, value in data.items():
        part = part_of(str(key))
        if part is None or not value:
            continue
        found = []
        for word in value if isinstance(value, list) else [value]:
            way = _existing(path.parent, str(data.get("path") or "."), str(word), inside)
            if way is None:
                missing.append((path.parent / str(word), f"the part {part} is not there"))
            else:
                found.append(way)
        if part in places:
            _check.data_fail(place, f"name the part {part} once", f"{key} again", "Mend the file.")
        if found:
            places[part] = tuple(found)
    fix = "Mend train: or path: in it." if missing else "Add train: to it."
    ordered = in_order(place, places, fix)
    return YoloLayout(path, names, ordered, tuple(missing), keypoints="kpt_shape" in data)


def _existing(base: Path, path: str, word: str, inside: Path | None) -> Path | None:
    """A place that a data.yaml names.

    It is looked for from `path`, then from the file's own folder, then without leading ../ (as
    some exports have them too many), then from the folder above.
    """
    short = word
    while short.startswith("../"):
        short = short[3:]
    ways = [base / path / word, base / word, base / path / short, base / short]
    for way in (*ways, base.parent / word):
        if os.path.isdir(way) or (os.path.isfile(way) and way.suffix == ".txt"):
            if inside is None or way.resolve().is_relative_to(inside.resolve()):
                return way
    return None


def _from_folders(root: Path) -> YoloLayout:
    place = f'Folder "{root}"'
    labelled = _labelled(root)
    if not labelled:
        rule, fix = "hold images/ and labels/, or a data.yaml", "Add a data.yaml."
        _check.data_fail(place, rule, "neither", fix)
    where = [root, *(images.parent / "labels" for images in labelled.values())]
    sources = [folder / name for folder in where for name in _NAMES]
    source = next((path for path in sources if os.path.isfile(path)), None)
    if source is None:
        fix = "Write their names into classes.txt, one a line."
        _check.data_fail(place, "name its classes", "no data.yaml and no classes.txt", fix)
    words = [line.strip() for line in read_text(source).splitlines()]
    names = _numbered(f'File "{source}"', [word for word in words if word])
    places = dict(_parts(labelled))
    return YoloLayout(source, names, in_order(place, places, "Rename one."))


def _parts(labelled: dict[str, Path]) -> Iterator[tuple[str, tuple[Path, ...]]]:
    """Each part and its folder: train/images, or images/train, or images for all."""
    for below, images in labelled.items():
        part = part_of(below.split("/")[0])
        if part:
            yield part, (images,)
            continue
        inner = {part_of(e.name): images / e.name for e in folders(images)}
        inner.pop(None, None)
        for name, place in (inner or {"train": images}).items():
            yield str(name), (place,)


def _numbered(place: str, names: Any) -> dict[int, str]:
    """Class number to name, from a list of names or numbers with names."""
    if isinstance(names, list):
        names = {str(number): name for number, name in enumerate(names)}
    found: dict[int, str] = {}
    for key, name in names.items() if isinstance(names, dict) else ():
        if not (isinstance(name, str) and name and key.isascii() and key.isdigit()):
            got, fix = f"{key!r}: {name!r}", "Mend names in it."
            _check.data_fail(place, "have a number and a name of each class", got, fix)
        found[int(key)] = name
    if not found or len(set(found.values())) < len(found):
        got = "none" if not found else "a name twice"
        _check.data_fail(place, "name each class, once", got, "Mend names in it.")
    return dict(sorted(found.items()))
