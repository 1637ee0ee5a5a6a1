"""A file that appears at once and whole: written beside its place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from striate import _check
from striate.io.durable import sync_folder

__all__ = ["check_replaceable", "new_file"]


@contextmanager
def new_file(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Gives the path of a file to be written, which takes its place when the body has ended.

    A crash at any point leaves what stood there before, or the whole new file. Where the body
    fails, what stood there still stands. Folders above are made.

    Args:
        path: where the file shall stand.
        overwrite: whether a file that stands there may be replaced. Default False.

    Raises:
        WeightsError: something stands there that may not be replaced; the disk refuses.

    Example:
        >>> with new_file("note.txt") as path:
        ...     _ = path.write_text("whole")
        >>> Path("note.txt").read_text()
        'whole'
    """
    check_replaceable(path, overwrite=overwrite)
    target = Path(os.path.abspath(path))
    place = f'File "{target}"'
    beside = target.parent / f".{target.name}.new"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        yield beside
        _sync(beside)
        os.replace(beside, target)
        sync_folder(target.parent)
    except OSError as error:
        fix = "Free space or choose another place; what stood there before still stands."
        _check.weights_fail(place, "be writable", error.strerror or str(error), fix)
    finally:
        _discard(beside)


def check_replaceable(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Refuses a place for a new file before any work is done for it.

    Args:
        path: where the file shall stand.
        overwrite: whether a file that stands there may be replaced. Default False.

    Raises:
        WeightsError: something stands there that may not be replaced.
    """
    target = Path(os.path.abspath(path))
    place = f'File "{target}"'
    if not os.path.lexists(target):
        return
    if not overwrite:
        fix = "Choose another name, or allow it by overwrite=True (--overwrite)."
        _check.weights_fail(place, "not stand yet", "a file or folder of this name", fix)
    if target.is_symlink() or not target.is_file():
        rule = "be a plain file to be replaced"
        _check.weights_fail(place, rule, "a link or a folder", "Choose another name.")


def _sync(path: Path) -> None:
    """Returns when the disk has the file's bytes."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
