"""One entry of an archive, whatever its kind, and what its readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from striate.io.damage import Damaged

__all__ = ["BLOCK_BYTES", "Member", "read_exactly"]

BLOCK_BYTES = 1 << 20
"""The most that is read or unpacked at once."""


@dataclass(frozen=True)
class Member:
    """One entry of an archive.

    Args:
        name: as the archive has it; nothing about it is checked.
        kind: "file", "folder", or what else it is, such as "link".
        size_bytes: of its contents, as the archive says.
        blocks: gives the contents in blocks; raises Damaged where they are other than was said.
    """

    name: str
    kind: str
    size_bytes: int
    blocks: Callable[[], Iterator[bytes]]


def read_exactly(file: BinaryIO, size_bytes: int, what: str) -> bytes:
    """Some bytes of a file, or Damaged where it ends before."""
    data = file.read(size_bytes)
    if len(data) < size_bytes:
        raise Damaged(f"an end in the middle of {what}")
    return data
