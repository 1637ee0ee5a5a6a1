"""What lies in a folder: the pictures, and why the rest is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from striate import _check
from striate.io.suffixes import OTHER_PICTURES, PICTURES

__all__ = [
    "SUFFIXES",
    "entries",
    "existing_folder",
    "folders",
    "no_picture",
    "pictures",
    "reason",
]

SUFFIXES = PICTURES
"""What the name of a picture ends with, in small or capital letters."""

Entry = os.DirEntry[str]
Skipped = list[tuple[Path, str]]


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
        beside = [entry.name for entry in folders(parent)] if os.path.isdir(parent) else []
        near = _check.nearest(folder.name, beside, 1)
        got = "no such folder"
        fix = (
            f'The nearest name there is "{parent / near[0]}".'
            if near
            else f'Is "{parent}" the right place?'
        )
    _check.data_fail(f'Folder "{folder}"', "be an existing folder", got, fix)


def entries(folder: str | os.PathLike[str]) -> list[Entry]:
    """What lies in a folder, sorted by name.

    Raises:
        DataError: it may not be read.
    """
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        got = error.strerror or str(error)
        _check.data_fail(f'Folder "{folder}"', "be readable", got, "Check its rights.")


def folders(folder: str | os.PathLike[str]) -> list[Entry]:
    """The folders in a folder, links to folders among them, those that are hidden not."""
    return [e for e in entries(folder) if e.name[0] != "." and _holds(e.is_dir)]


def pictures(folder: str | os.PathLike[str], skipped: Skipped, prefix: str = "") -> Iterator[str]:
    """The names of the pictures below a folder, deeper ones too; the rest goes to skipped.

    Args:
        folder: where to look.
        skipped: gets (path, reason).
        prefix: is put before each name.
    """
    for entry in entries(folder):
        why = reason(entry)
        if why:
            skipped.append((Path(entry.path), why))
        elif _holds(entry.is_dir):
            yield from pictures(entry.path, skipped, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


def reason(entry: Entry) -> str:
    """Why an entry is neither a picture nor a folder to look into; empty if it is one."""
    if entry.name.startswith("."):
        return "hidden: its name begins with a dot"
    if _holds(entry.is_dir):
        return "a link to a folder" if entry.is_symlink() else ""
    if not _holds(entry.is_file):
        return "a broken link" if entry.is_symlink() else "no regular file"
    return no_picture(entry.name)


def no_picture(name: str) -> str:
    """Why a file of this name is no picture; empty if it may be one."""
    suffix = os.path.splitext(name)[1]
    try:
        possible = b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        return "no picture: no file can have its name"
    if suffix.lower() in SUFFIXES:
        return ""
    if suffix.lower() in OTHER_PICTURES:
        return f"of a format that is not decoded, {suffix}: convert it to PNG or JPEG"
    ends = f'ends with "{suffix}"' if suffix else "has no ending"
    return f"no picture: its name {ends}"


def _holds(claim: Callable[[], bool]) -> bool:
    """Whether a claim about an entry holds; what cannot be asked (a loop of links) does not."""
    try:
        return claim()
    except OSError:
        return False
