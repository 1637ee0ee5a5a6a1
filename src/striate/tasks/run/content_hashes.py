"""What data is made of, told from all other data: SHA-256 of files and of arrays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from striate.io.regular_file import open_regular

__all__ = ["array_hash", "file_hashes", "joint_hash"]

_BLOCK_BYTES = 2**20


def file_hashes(paths: Sequence[str | os.PathLike[str]]) -> list[bytes]:
    """SHA-256 of the content of each file, 32 bytes each, in threads.

    Args:
        paths: of the files.

    Raises:
        DataError: a file that is none, or that cannot be read; it is named.

    Example:
        >>> with open("note.txt", "w") as file:
        ...     _ = file.write("hi")
        >>> file_hashes(["note.txt"])[0].hex()[:8]
        '8f434346'
    """
    with ThreadPoolExecutor(thread_name_prefix="striate-hash") as pool:
        return list(pool.map(_file_hash, map(os.fspath, paths)))


def array_hash(array: npt.NDArray[np.generic]) -> bytes:
    """SHA-256 of an array's type, shape and numbers.

    Example:
        >>> array_hash(np.zeros(3)) == array_hash(np.zeros((3, 1)))
        False
    """
    found = hashlib.sha256(f"{array.dtype.str}{array.shape}".encode())
    found.update(np.ascontiguousarray(array).data)
    return found.digest()


def joint_hash(rows: Iterable[tuple[str, bytes]]) -> bytes:
    """SHA-256 of named contents, whatever their order: the same only for the same names and data.

    Args:
        rows: (name, hash) of each.

    Example:
        >>> rows = [("a.png", b"1" * 32), ("b.png", b"2" * 32)]
        >>> joint_hash(rows) == joint_hash(rows[::-1])
        True
    """
    found = hashlib.sha256()
    for name, content in sorted(rows):
        found.update(content + name.encode("utf-8", "surrogateescape") + b"\0")
    return found.digest()


def _file_hash(path: str) -> bytes:
    found = hashlib.sha256()
    with open_regular(f'File "{path}"', path) as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return found.digest()
