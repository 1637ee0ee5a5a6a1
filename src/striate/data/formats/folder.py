"""Class folders: one folder a class, its pictures inside, perhaps under train/ val/ test/."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from striate import _check

__all__ = ["SUFFIXES", "FolderIndex", "existing_folder", "read_class_folders", "read_splits"]

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
"""What the name of a picture ends with, in small or capital letters."""

_SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
}

_LAYOUT = """Expected is one folder a class, with its pictures inside:
    {root}/
    ├── cat/  1.jpg  2.jpg …
    └── dog/  1.jpg  2.jpg …
or the same below train/, val/ and, if there is one, test/."""


@dataclass(frozen=True)
class FolderIndex:
    """The pictures of a folder of class folders, by class, then by path.

    Args:
        root: the folder.
        paths: of the pictures.
        labels: class number of each picture: its place in class_names.
        class_names: names of the class folders, sorted.
        skipped: (path, reason) of everything else that was found.
    """

    root: Path
    paths: tuple[Path, ...]
    labels: tuple[int, ...]
    class_names: tuple[str, ...]
    skipped: tuple[tuple[Path, str], ...] = ()

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        found = Counter(self.labels)
        return {name: found[i] for i, name in enumerate(self.class_names)}


def read_class_folders(root: str | os.PathLike[str]) -> FolderIndex:
    """Lists the pictures of a folder that holds one folder a class. Opens and edits no file.

    Classes are numbered in the order of their sorted names. Pictures may lie deeper inside their
    class folder. Names that begin with a dot, other files, and links to folders are skipped, and
    said so; links to files are followed. A class folder itself may be a link.

    Args:
        root: the folder.

    Raises:
        DataError: no such folder, no class folders in it, or a class without pictures.

    Example:
        >>> for name in ("cat/1.png", "cat/notes.txt", "dog/old/2.JPG"):
        ...     file = Path("pets", name)
        ...     file.parent.mkdir(parents=True, exist_ok=True)
        ...     file.touch()
        >>> index = read_class_folders("pets")
        >>> index.class_names, index.labels, [reason for _, reason in index.skipped]
        (('cat', 'dog'), (0, 1), ['no picture: its name ends with ".txt"'])
    """
    folder = existing_folder(root)
    paths: list[Path] = []
    labels: list[int] = []
    skipped: list[tuple[Path, str]] = []
    classes: list[str] = []
    for entry in _entries(folder):
        if os.path.isdir(entry) and not entry.name.startswith("."):
            found = list(_pictures(entry, skipped))
            paths += found
            labels += [len(classes)] * len(found)
            classes.append(entry.name)
        else:
            skipped.append((entry, _reason(entry) or "a picture outside the class folders"))
    if not paths:
        _no_classes(folder, classes, skipped)
    filled = set(labels)
    empty = [name for number, name in enumerate(classes) if number not in filled]
    if empty:
        _check.data_fail(
            f'Folder "{folder}"',
            "have at least one picture in each class folder",
            f"none in {_quoted(empty)}",
            "Put pictures in, or remove the folder.",
        )
    return FolderIndex(folder, tuple(paths), tuple(labels), tuple(classes), tuple(skipped))


def read_splits(root: str | os.PathLike[str]) -> dict[str, FolderIndex]:
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
    parts: dict[str, FolderIndex] = {}
    for part, place in _parts(folder).items():
        parts[part] = read_class_folders(place)
        _same_classes(parts["train"], parts[part])
    return parts


def _parts(folder: Path) -> dict[str, Path]:
    """The folder of each part, train first."""
    found: dict[str, Path] = {}
    folders = [e for e in _entries(folder) if os.path.isdir(e) and not e.name.startswith(".")]
    for entry in folders:
        part = _SPLITS.get(entry.name.lower())
        if part is None:
            continue
        if part in found:
            both = f"{found[part].name}/ and {entry.name}/"
            rule = f"name its part {part} once"
            _check.data_fail(f'Folder "{folder}"', rule, both, "Join the two, or rename one.")
        found[part] = entry
    others = len(folders) > len(found)
    if "train" not in found and (others or not found):
        return {"train": folder}
    if "train" not in found:
        got = " and ".join(f"{entry.name}/" for entry in found.values())
        fix = f"Rename one of them, or name the one to read, as {found.popitem()[1]}."
        _check.data_fail(f'Folder "{folder}"', "have a part train/ beside the others", got, fix)
    if others and any(not _reason(e) and os.path.isfile(e) for e in _entries(found["train"])):
        return {"train": folder}
    return {part: found[part] for part in sorted(found, key=list(_SPLITS.values()).index)}


def _same_classes(train: FolderIndex, other: FolderIndex) -> None:
    missing = sorted(set(train.class_names) - set(other.class_names))
    extra = sorted(set(other.class_names) - set(train.class_names))
    if missing or extra:
        got = [f"no {_quoted(missing)}"] if missing else []
        got += [f"{_quoted(extra)}, which {train.root.name}/ has not"] if extra else []
        rule = f"have the classes of {train.root.name}/"
        fix = "Give every part the same class folders."
        _check.data_fail(f'Folder "{other.root}"', rule, "; ".join(got), fix)


def existing_folder(root: str | os.PathLike[str]) -> Path:
    """The path of a folder that is there; the error names the nearest one beside it.

    Raises:
        DataError: there is no such folder.
    """
    folder = Path(root)
    if os.path.isdir(folder):
        return folder
    if os.path.exists(folder):
        got, fix = "a file", "Name the folder that holds the class folders."
    else:
        parent = folder.parent
        beside = (
            [p.name for p in _entries(parent) if os.path.isdir(p)] if os.path.isdir(parent) else []
        )
        near = _check.nearest(folder.name, beside, 1)
        got = "no such folder"
        fix = (
            f'The nearest name there is "{parent / near[0]}".'
            if near
            else f'Is "{parent}" the right place?'
        )
    _check.data_fail(f'Folder "{folder}"', "be an existing folder", got, fix)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        reason = error.strerror or str(error)
        _check.data_fail(f'Folder "{folder}"', "be readable", reason, "Check its rights.")


def _pictures(folder: Path, skipped: list[tuple[Path, str]]) -> Iterator[Path]:
    """The pictures below a folder, in the order of their paths; the rest goes to skipped."""
    for entry in _entries(folder):
        reason = _reason(entry)
        if reason:
            skipped.append((entry, reason))
        elif os.path.isdir(entry):
            yield from _pictures(entry, skipped)
        else:
            yield entry


def _reason(entry: Path) -> str:
    """Why an entry is neither a picture nor a folder to look into; empty if it is one."""
    if entry.name.startswith("."):
        return "hidden: its name begins with a dot"
    if os.path.isdir(entry):
        return "a link to a folder" if entry.is_symlink() else ""
    if not os.path.isfile(entry):
        return "a broken link" if entry.is_symlink() else "no regular file"
    suffix = entry.suffix.lower()
    if suffix not in SUFFIXES:
        return (
            f'no picture: its name ends with "{entry.suffix}"'
            if suffix
            else "no picture: its name has no ending"
        )
    return ""


def _no_classes(folder: Path, classes: list[str], skipped: list[tuple[Path, str]]) -> None:
    loose = [path for path, reason in skipped if reason.startswith("a picture")]
    if classes:
        got = f"{len(classes)} folders ({_quoted(classes)}) without a picture"
    elif loose:
        got = f"{len(loose)} pictures and no folder"
    else:
        got = f"{len(skipped)} other entries" if skipped else "an empty folder"
    _check.data_fail(
        f'Folder "{folder}"',
        "hold class folders with pictures",
        got,
        _LAYOUT.format(root=folder.name or folder),
    )


def _quoted(names: list[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
