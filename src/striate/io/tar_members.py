"""The entries of a tar file, read as a stream and with suspicion."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from striate.io.damage import Damaged
from striate.io.members import BLOCK_BYTES, Member, read_exactly

__all__ = ["tar_members"]

_BLOCK = 512
_NOTE_BYTES = 1 << 20  # a long name, or an entry's list of keywords
_KINDS = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"1": "hard link",
    b"2": "link",
    b"3": "device",
    b"4": "device",
    b"5": "folder",
    b"6": "pipe",
    b"S": "sparse file",
}


def tar_members(file: BinaryIO, most: int) -> Iterator[Member]:
    """The entries of a tar file in their order: ustar, with GNU's long names and pax' keywords.

    Args:
        file: open for reading; it is read once, from front to back.
        most: greatest number of entries.

    Raises:
        Damaged: the reason.
    """
    notes: dict[str, str] = {}
    count = 0
    while header := _header(file):
        count += 1
        if count > most:
            raise Damaged(f"more than {most:,} entries")
        flag, size = header[156:157], _number(header[124:136])
        if flag in (b"L", b"K", b"x", b"g"):
            body = _note(file, size)
            if flag == b"L":
                notes["path"] = os.fsdecode(body.split(b"\0")[0])
            elif flag == b"x":
                notes |= _keywords(body)
            elif flag == b"g" and {"path", "size"} & _keywords(body).keys():
                raise Damaged("one name or size for all its entries")
            continue
        kind = _KINDS.get(flag)
        if kind is None:
            raise Damaged(f"an entry of unknown kind {flag!r}")
        if any(key.startswith("GNU.sparse") for key in notes):
            kind = "sparse file"
        name = notes.get("path") or _name(header)
        said = notes.get("size")
        if said is not None:
            if not (said.isascii() and said.isdigit() and len(said) < 20):
                raise Damaged(f"{name!r}, whose size is {said[:40]!r}")
            size = int(said)
        notes = {}
        if kind == "file" and name.endswith("/"):
            kind = "folder"
        contents = _Contents(file, name, size)
        yield Member(name, kind, size, contents.blocks)
        contents.skip()


class _Contents:
    """The contents of one entry in the stream, and what fills up its last block."""

    def __init__(self, file: BinaryIO, name: str, size_bytes: int) -> None:
        self._file, self._name = file, name
        self._left = size_bytes
        self._fill = -size_bytes % _BLOCK

    def blocks(self) -> Iterator[bytes]:
        while self._left:
            block = read_exactly(self._file, min(self._left, BLOCK_BYTES), repr(self._name))
            self._left -= len(block)
            yield block

    def skip(self) -> None:
        """Goes to the next header, whatever was read before."""
        for _ in self.blocks():
            pass
        read_exactly(self._file, self._fill, repr(self._name))


def _header(file: BinaryIO) -> bytes | None:
    """The next header; None at the end, which is a block of zeros or the end of the file."""
    header = file.read(_BLOCK)
    if not header or header == bytes(_BLOCK):
        return None
    if len(header) < _BLOCK:
        raise Damaged("an end in the middle of a header")
    stored = header[148:156]
    if sum(header) - sum(stored) + 8 * 32 != _number(stored):
        raise Damaged("a header whose check sum is wrong, or no tar file")
    return header


def _number(field: bytes) -> int:
    """A number in octal digits, or after a first byte of 128 in bytes."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits.isdigit() or set(digits) & set(b"89"):
        if digits:
            raise Damaged(f"a header with {field!r} for a number")
        return 0
    return int(digits, 8)


def _name(header: bytes) -> str:
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return os.fsdecode(prefix + b"/" + name if prefix else name)


def _note(file: BinaryIO, size: int) -> bytes:
    if size > _NOTE_BYTES:
        raise Damaged(f"a name or list of keywords of {size:,} bytes")
    return read_exactly(file, size + -size % _BLOCK, "a long name")[:size]


def _keywords(body: bytes) -> dict[str, str]:
    """The keywords of a pax header: records `length keyword=value` with a line end."""
    found = {}
    while body:
        digits, _, _ = body[:20].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        record, body = body[:length], body[length:]
        key, equal, value = record[len(digits) + 1 :].partition(b"=")
        if not equal or not record.endswith(b"\n") or len(record) != length:
            raise Damaged("a list of keywords that is no such list")
        found[os.fsdecode(key)] = os.fsdecode(value[:-1])
    return found
