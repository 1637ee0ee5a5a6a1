"""Whether a folder could be written, asked before long work and without making anything."""

from __future__ import annotations

import os
from pathlib import Path

from striate import _check

__all__ = ["require_writable"]


def require_writable(folder: str | os.PathLike[str]) -> None:
    """Refuses a folder that cannot be made, or in which nothing can be written.

    What is written later may fail all the same, as on a full disk.

    Args:
        folder: that is there, or shall be made with those above it.

    Raises:
        DataError: its nearest part that is there is no folder, or may not be written.

    Example:
        >>> require_writable("new/runs")
        >>> Path("new").exists()
        False
    """
    path = Path(os.path.abspath(folder))
    there = next(each for each in (path, *path.parents) if os.path.lexists(each))
    if not there.is_dir():
        reason = f'"{there}" is no folder'
    elif not os.access(there, os.W_OK | os.X_OK):
        reason = f'"{there}" may not be written'
    else:
        return
    _check.data_fail(f'Folder "{folder}"', "be writable", reason, "Name another one.")
