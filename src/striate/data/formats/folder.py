"""Class folders: one folder a class, its pictures inside, perhaps under train/ val/ test/."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from striate import _check
from striate._counted import counted
from striate.data.formats.clue import Clue
from striate.data.formats.entries import Skipped, entries, existing_folder, folders
from striate.data.formats.entries import pictures as pictures_below
from striate.data.formats.entries import reason as reason_of
from striate.data.formats.parts import PARTS, part_of, quoted, same_classes
from striate.data.index import PictureIndex
from striate.data.paths import PathList
from striate.io.one_line import is_one_line

__all__ = ["LAYOUT", "class_folders_clue", "read_class_folders", "read_splits"]

LAYOUT = """Expected is one folder a class, with its pictures inside:
    {root}/
    ├── cat/  1.jpg  2.jpg …
    └── dog/  1.jpg  2.jpg …
or the same below train/, val/ and, if there is one, test/."""
"""How class folders lie, for a message; {root} is the folder's name."""


def read_class_folders(root: str | os.PathLike[str]) -> PictureIndex:
    """Lists the pictures of a folder that holds one folder a class. Opens and edits no file.

    Classes are numbered in the order of their sorted names. Pictures may lie deeper inside their
    class folder. Names that begin with a dot, other files, and links to folders are skipped, and
    said so; links to files are followed. A class folder itself may be a link.

    Args:
        root: the folder.

    Raises:
        DataError: no such folder, no class folders in it, a class without pictures, or a class
            folder whose name is no line of text.

    Example:
        >>> for name in ("cat/1.png", "cat/notes.txt", "dog/old/2.JPG"):
        ...     file = Path("pets", name)
        ...     file.parent.mkdir(parents=True, exist_ok=True)
        ...     file.touch()
        >>> index = read_class_folders("pets")
        >>> index.class_names, index.labels.tolist(), [reason for _, reason in index.skipped]
        (('cat', 'dog'), [0, 1], ['no picture: its name ends with ".txt"'])
    """
    folder = existing_folder(root)
    skipped: Skipped = []
    classes: list[str] = []
    counts: list[int] = []

    def names() -> Iterator[str]:
        chosen = {entry.name for entry in folders(folder)}
        for entry in entries(folder):
            if entry.name not in chosen:
                why = reason_of(entry) or "a picture outside the class folders"
                skipped.append((Path(entry.path), why))
                continue
            _check_name(folder, entry.name)
            classes.append(entry.name)
            counts.append(0)
            for name in pictures_below(entry.path, skipped, f"{entry.name}/"):
                counts[-1] += 1
                yield name

    paths = PathList(folder, names())
    if not len(paths):
        _no_classes(folder, classes, skipped)
    empty = [name for name, count in zip(classes, counts, strict=True) if not count]
    if empty:
        _check.data_fail(
            f'Folder "{folder}"',
            "have at least one picture in each class folder",
            f"none in {quoted(empty)}",
            "Put pictures in, or remove the folder.",
        )
    labels = np.repeat(np.arange(len(classes)), counts)
    why = f"it holds {counted(len(classes), 'class folder')}: {quoted(classes)}"
    return PictureIndex(
        folder, paths, tuple(classes), labels, skipped=tuple(skipped), format="folder", why=why
    )


def read_splits(root: str | os.PathLike[str]) -> dict[str, PictureIndex]:
    """The parts of a data set: "train", and "val" and "test" where the folder has them.

    The parts are called train or training; val, valid or validation; test. A folder train that
    stands beside folders of other names and holds pictures itself is a class, not a part. A
    folder without parts is all "train".

    Args:
        root: the folder.

    Raises:
        DataError: as `read_class_folders`; parts of other classes; one part under two names;
            parts without train.

    Example:
        >>> for part in ("train", "valid"):
        ...     for name in ("cat", "dog"):
        ...         folder = Path("split_pets", part, name)
        ...         folder.mkdir(parents=True, exist_ok=True)
        ...         (folder / "1.png").touch()
        >>> {part: len(index) for part, index in read_splits("split_pets").items()}
        {'train': 2, 'val': 2}
    """
    folder = existing_folder(root)
    parts: dict[str, PictureIndex] = {}
    for part, place in _parts(folder).items():
        parts[part] = read_class_folders(place)
        first = parts["train"]
        own, classes, of = parts[part].class_names, first.class_names, f"{first.root.name}/"
        same_classes(f'Folder "{place}"', own, classes, of=of)
    return parts


def class_folders_clue(root: Path, used: Collection[str] = ()) -> Clue | None:
    """The clue that a folder holds at least 2 class folders with pictures, or that in train/.

    A folder called images, masks, labels or annotations is taken for another format's.

    Args:
        root: the folder.
        used: names of folders in it that belong to another format.
    """
    for entry in folders(root):
        if part_of(entry.name) == "train" and entry.name not in used:
            inside = [each for each in folders(entry) if _has_picture(each.path)]
            if len(inside) > 1 and not any(each.name.lower() in _KNOWN for each in inside):
                return Clue(f"{entry.name}/ holds class folders: {_first(inside)}")
    found = [e for e in folders(root) if e.name not in used and _has_picture(e.path)]
    if len(found) < 2 or all(part_of(e.name) for e in found):
        return None
    if any(e.name.lower() in _KNOWN for e in found):
        return None
    return Clue(f"it holds class folders: {_first(found)}")


_KNOWN = frozenset({"images", "masks", "labels", "annotations", "jpegimages"})


def _first(found: list[os.DirEntry[str]]) -> str:
    return quoted(entry.name for entry in found)


def _has_picture(folder: str) -> bool:
    return next(pictures_below(folder, []), None) is not None


def _parts(folder: Path) -> dict[str, Path]:
    """The folder of each part, train first."""
    found: dict[str, Path] = {}
    inside = folders(folder)
    for entry in inside:
        part = part_of(entry.name)
        if part is None:
            continue
        if part in found:
            both = f"{found[part].name}/ and {entry.name}/"
            rule = f"name its part {part} once"
            _check.data_fail(f'Folder "{folder}"', rule, both, "Join the two, or rename one.")
        found[part] = folder / entry.name
    others = len(inside) > len(found)
    if "train" not in found and (others or not found):
        return {"train": folder}
    if "train" not in found:
        got = " and ".join(f"{entry.name}/" for entry in found.values())
        fix = f"Rename one of them, or name the one to read, as {found.popitem()[1]}."
        _check.data_fail(f'Folder "{folder}"', "have a part train/ beside the others", got, fix)
    if others and any(not reason_of(e) and e.is_file() for e in entries(found["train"])):
        return {"train": folder}
    return {part: found[part] for part in PARTS if part in found}


def _check_name(folder: Path, name: str) -> None:
    """A folder's name becomes the name of a class, which a model keeps as a line of text."""
    if not is_one_line(name):
        rule = "name each class folder by one line of text in UTF-8"
        _check.data_fail(f'Folder "{folder}"', rule, ascii(name), "Rename that folder.")


def _no_classes(folder: Path, classes: list[str], skipped: Skipped) -> None:
    loose = [path for path, reason in skipped if reason.startswith("a picture")]
    if classes:
        got = f"{counted(len(classes), 'folder')} ({quoted(classes)}) without a picture"
    elif loose:
        got = f"{counted(len(loose), 'picture')} and no folder"
    else:
        others = counted(len(skipped), "other entry", "other entries")
        got = others if skipped else "an empty folder"
    _check.data_fail(
        f'Folder "{folder}"',
        "hold class folders with pictures",
        got,
        LAYOUT.format(root=folder.name or folder),
    )
