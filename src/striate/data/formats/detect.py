"""Which format data is in: what speaks for each, and one index for all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from striate import _check
from striate._counted import counted
from striate.data.formats.clue import Clue
from striate.data.formats.coco import coco_clue, read_coco
from striate.data.formats.entries import entries, existing_folder, folders, pictures, reason
from striate.data.formats.folder import LAYOUT as _LAYOUT
from striate.data.formats.folder import class_folders_clue, read_splits
from striate.data.formats.masks import masks_clue, read_masks
from striate.data.formats.parts import part_of
from striate.data.formats.table import read_table, table_clue
from striate.data.formats.voc import read_voc, voc_clue
from striate.data.formats.yolo import read_yolo
from striate.data.formats.yolo_layout import yolo_clue
from striate.data.index import PictureIndex
from striate.io.archive import ARCHIVES, extract

__all__ = ["FORMATS", "open_index"]

FORMATS = ("folder", "table", "coco", "yolo", "voc", "masks")
"""The formats that data may be in."""

_CLUES: dict[str, Callable[[Path], Clue | None]] = {
    "table": table_clue,
    "coco": coco_clue,
    "yolo": yolo_clue,
    "voc": voc_clue,
    "masks": masks_clue,
}
_FILES = {
    ".csv": "table",
    ".tsv": "table",
    ".jsonl": "table",
    ".json": "coco",
    ".yaml": "yolo",
    ".yml": "yolo",
}


def open_index(path: str | os.PathLike[str], format: str = "auto") -> dict[str, PictureIndex]:
    """The parts of a data set in any format: "train", and "val" and "test" where they are.

    A folder's format is told by what lies in it; where two fit, an error names both. A file's
    format is told by its ending. An archive is unpacked into the cache once, and its one folder
    is read; nothing in it may name pictures outside it. Each index says in `why` how it came to
    its format.

    Args:
        path: a folder, a table, a COCO file, a data.yaml, or an archive (.zip, .tar, .tar.gz).
        format: "auto", or one of `FORMATS`. Default "auto".

    Raises:
        ArgumentError: an unknown format.
        DataError: nothing there, no format or several fit, or what the format's reader refuses.

    Example:
        >>> for name in ("cat/1.png", "dog/2.png"):
        ...     Path("pets", name).parent.mkdir(parents=True)
        ...     Path("pets", name).touch()
        >>> index = open_index("pets")["train"]
        >>> index.format, index.why
        ('folder', 'it holds 2 class folders: "cat", "dog"')
    """
    _check.choice("open_index", "format", format, ("auto", *FORMATS))
    source = Path(path)
    if source.name.lower().endswith(ARCHIVES) and not os.path.isdir(source):
        return _from_archive(source, format)
    return _read(source, format, None)


def _read(source: Path, format: str, inside: Path | None) -> dict[str, PictureIndex]:
    readers: dict[str, Callable[[Path], dict[str, PictureIndex]]] = {
        "folder": read_splits,
        "table": read_table,
        "coco": read_coco,
        "yolo": partial(read_yolo, inside=inside),
        "voc": read_voc,
        "masks": read_masks,
    }
    given = format != "auto"
    if os.path.isfile(source):
        by_name = _by_name(source)
        if given and format != by_name:
            rule = f"be a folder for the format {format}"
            fix = f"A file of this name is read as {by_name}."
            _check.data_fail(f'File "{source}"', rule, "a file", fix)
        format = by_name
    elif format in ("auto", *FORMATS):
        existing_folder(source)
        format = format if given else _told(source)
    parts = readers[format](source)
    if given:
        return {p: replace(each, why=f"it was named; {each.why}") for p, each in parts.items()}
    return parts


def _by_name(source: Path) -> str:
    format = _FILES.get(source.suffix.lower())
    if format is None:
        rule = f"be a folder, or a file that ends with {', '.join((*_FILES, *ARCHIVES))}"
        got = f'"{source.suffix}"' if source.suffix else "no ending"
        _check.data_fail(f'File "{source}"', rule, got, "Name the folder of the pictures.")
    return format


def _told(root: Path) -> str:
    """The one format that something in a folder speaks for."""
    clues = {format: clue for format, spot in _CLUES.items() if (clue := spot(root))}
    used = {name for clue in clues.values() for name in clue.uses}
    classes = class_folders_clue(root, used)
    if classes:
        clues["folder"] = classes
    if len(clues) == 1:
        return next(iter(clues))
    if clues:
        got = "; ".join(f"{format}: {clue.why}" for format, clue in clues.items())
        fix = " or ".join(f"--format {format}" for format in clues)
        _check.data_fail(f'Folder "{root}"', "be in one format", got, f"Say which by {fix}.")
    if _parts_only(root):
        return "folder"  # whose reader says what is wrong with the parts
    inside = entries(root)
    loose = sum(1 for entry in inside if not reason(entry) and entry.is_file())
    names = [entry.name for entry in folders(root)]
    others = counted(len(inside) - loose - len(names), "other entry", "other entries")
    got = f"{counted(loose, 'picture')}, {others}, and "
    got += _folders_text(root, names) if names else "no folder"
    rule = f"be in one of the formats {', '.join(FORMATS)}"
    hints = [
        f'"{root / name}" ({format})'
        for name in names
        for format, spot in _CLUES.items()
        if spot(root / name)
    ]
    fix = f"Name one of the folders in it: {', '.join(hints)}." if hints else _LAYOUT
    _check.data_fail(f'Folder "{root}"', rule, got, fix.format(root=root.name or root))


def _folders_text(root: Path, names: list[str]) -> str:
    """How many folders, how many of them with pictures, and why not if none has."""
    skipped: list[tuple[Path, str]] = []
    full = sum(1 for name in names if next(pictures(root / name, skipped), None) is not None)
    folders_in = counted(len(names), "folder")
    text = f"{folders_in}, {full} of them with pictures ({', '.join(names[:8])})"
    if full or not skipped:
        return text
    path, why = skipped[0]
    return f'{text}; left aside is "{path}" as {why}'


def _parts_only(root: Path) -> bool:
    names = [entry.name for entry in folders(root)]
    return bool(names) and all(part_of(name) for name in names)


def _from_archive(source: Path, format: str) -> dict[str, PictureIndex]:
    unpacked = extract(source)
    root = unpacked.folder
    while True:
        inside = [entry for entry in entries(root) if entry.name[0] != "."]
        if len(inside) != 1 or not inside[0].is_dir() or part_of(inside[0].name):
            break
        root = root / inside[0].name
    parts = _read(root, format, unpacked.folder)
    skipped = tuple((source / name, why) for name, why in unpacked.skipped)
    found = {}
    for part, index in parts.items():
        for paths in (index.paths, index.masks or ()):
            for path in paths:
                _within(source, unpacked.folder, path)
        why = f"in {source.name}, {index.why}"
        more = skipped if part == "train" else ()
        found[part] = replace(index, skipped=index.skipped + more, why=why)
    return found


def _within(source: Path, folder: Path, path: Path) -> None:
    """Refuses a picture outside an archive: there are no links in it, so the names tell."""
    if not Path(os.path.normpath(path)).is_relative_to(folder):
        rule, fix = "name only pictures that it holds", "Mend its annotations."
        _check.data_fail(f'Archive "{source}"', rule, f'"{path}"', fix)
