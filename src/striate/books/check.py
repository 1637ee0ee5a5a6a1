"""Runs the listings and sets every number of the texts beside the one found here."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import _check
from .checks import CHECKS, TRAININGS
from .row import Row
from .session import Session

__all__ = ["check"]


def check(
    out: str | Path | None = None,
    *,
    full: bool = False,
    say: Callable[[str], None] = lambda sentence: None,
) -> Iterator[Row]:
    """Rows of listing, number in the book, number here, and whether they agree.

    Without `full` nothing is needed but scikit-learn's two photographs, and it takes seconds. A
    listing whose pretrained weights or photographs are not at hand is left out, and it is said.

    Args:
        out: the folder for the pictures of the line filters. Default None: a new temporary one.
        full: whether to train as well, minutes each: MNIST, Fashion-MNIST, and the photographs
            clothing128 in the folder STRIATE_DATA.
        say: is told where the pictures are, which training begins, and what is left out.

    Raises:
        DataError: the folder cannot take the pictures, which is known before anything runs; with
            `full`, a data set is not at hand and cannot be fetched.

    Example:
        >>> rows = check("pictures")
        >>> next(rows).here
        'input_1 (InputLayer) [(None, 28, 28, 1)] 0'
    """
    folder = _folder(out)
    session = Session(folder, say=say)
    for part in (*CHECKS, *(TRAININGS if full else ())):
        yield from part(session)
    say(f"Pictures of the line filters: {folder}")


def _folder(out: str | Path | None) -> Path:
    """The folder of the pictures, made and open for writing."""
    if out is None:
        return Path(tempfile.mkdtemp(prefix="striate-books-"))
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK | os.X_OK) else "no permission to write"
    except OSError as error:
        reason = error.strerror or str(error)
    if reason is not None:
        rule = "be a folder that takes the pictures"
        _check.data_fail(f'Folder "{folder}"', rule, reason, "Name another one.")
    return folder
