"""Which picture files are meant: names, folders, patterns, and pictures that are bytes already."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from striate import _check
from striate.data.formats.entries import SUFFIXES, entries
from striate.errors import DataError

__all__ = ["PictureFile", "find_pictures"]

Name = str | os.PathLike[str] | bytes
_SHOWN = 3


@dataclass(frozen=True)
class PictureFile:
    """One picture that is asked about.

    Args:
        name: the file as it was named, or as it was found in a folder; "-" for bytes.
        source: what the decoder takes: the path, or the bytes; or why there is neither.
    """

    name: str
    source: str | bytes | DataError


def find_pictures(
    files: Iterable[Name], *, say: Callable[[str], object] | None = None
) -> Iterator[PictureFile]:
    """The pictures that are meant, one by one: a folder of millions is never listed whole.

    A file is taken as it is named. A folder gives the files in it and below it that end like
    pictures, by name; hidden ones and links to folders are passed over. A name of no file that
    holds *, ? or [ is a pattern. Bytes are a picture. A name that is nothing of these is given as
    it is: reading it says why it cannot be read. So does a folder without pictures.

    Args:
        files: names, or bytes.
        say: told in one sentence what a folder holds that does not end like a picture.

    Example:
        >>> [each.name for each in find_pictures(["one.jpg", "nothing/*.png", b"GIF89a"])]
        ['one.jpg', 'nothing/*.png', '-']
    """
    for file in files:
        if isinstance(file, bytes):
            yield PictureFile("-", file)
            continue
        name = os.fspath(file)
        if os.path.isdir(name):
            try:
                yield from _in_folder(name, say)
            except DataError as error:
                yield PictureFile(name, error)
        elif not os.path.lexists(name) and glob.has_magic(name):
            found = sorted(glob.glob(name, recursive=True)) or [name]
            yield from (PictureFile(path, path) for path in found)
        else:
            yield PictureFile(name, name)


def _in_folder(folder: str, say: Callable[[str], object] | None) -> Iterator[PictureFile]:
    """The pictures of a folder and below it; without any, the error that says so."""
    others: list[str] = []
    found, left_out = 0, 0
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        below = []
        try:
            listed = entries(path)
        except DataError as error:
            found += 1
            yield PictureFile(path, error)
            continue
        for entry in listed:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            elif entry.name.lower().endswith(SUFFIXES) and entry.is_file():
                found += 1
                yield PictureFile(entry.path, entry.path)
            else:
                left_out += 1
                others = [*others, entry.path][:_SHOWN]
        waiting += reversed(below)
    if left_out and say is not None:
        names = ", ".join(f'"{other}"' for other in others)
        more = f" and {left_out - len(others)} more" if left_out > len(others) else ""
        say(f'Left out of folder "{folder}", as they do not end like pictures: {names}{more}.')
    if not found:
        fix = f"Pictures end with {', '.join(SUFFIXES)}."
        _check.data_fail(f'Folder "{folder}"', "hold pictures", "none", fix)
