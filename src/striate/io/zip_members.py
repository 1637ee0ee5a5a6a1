"""The entries of a zip file, read with suspicion: two lists of them must say the same."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from striate.io.damage import Damaged
from striate.io.members import BLOCK_BYTES, Member, read_exactly

__all__ = ["zip_members"]

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s4B2H4x3L5H2L")
_LOCAL = struct.Struct("<4s2B2H4x3L2H")
_DIRECTORY_BYTES = 1 << 28
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True)
class _Entry:
    """One entry by the directory at the end."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size_bytes: int
    mode: int
    offset: int

    @property
    def name(self) -> str:
        try:
            return self.raw_name.decode("utf-8")
        except UnicodeDecodeError:
            if self.flags & _UTF_8:
                raise Damaged(f"a name that is no UTF-8: {self.raw_name[:80]!r}") from None
            return self.raw_name.decode("cp437")

    @property
    def kind(self) -> str:
        if stat.S_ISLNK(self.mode):
            return "link"
        if self.raw_name.endswith(b"/") or stat.S_ISDIR(self.mode):
            return "folder"
        return "file" if stat.S_IFMT(self.mode) in (0, stat.S_IFREG) else "device or pipe"


def zip_members(file: BinaryIO, most: int) -> Iterator[Member]:
    """The entries of a zip file, in the order of their places in it.

    The directory at the end and the header before each entry must agree, entries may not overlap,
    and nothing stands before the first; only stored and deflated contents are read.

    Args:
        file: open for reading, seekable.
        most: greatest number of entries.

    Raises:
        Damaged: the reason.
    """
    directory, begin = _directory(file)
    entries = sorted(_entries(directory, most), key=lambda entry: entry.offset)
    end = 0
    for entry in entries:
        if entry.offset < end:
            raise Damaged(f"contents that overlap, at {entry.name!r}")
        contents = _contents(file, entry)
        end = contents + entry.packed_bytes
        if end > begin:
            raise Damaged(f"contents that overlap the list of entries, at {entry.name!r}")
        yield Member(
            entry.name, entry.kind, entry.size_bytes, partial(_blocks, file, entry, contents)
        )


def _directory(file: BinaryIO) -> tuple[bytes, int]:
    """The list of entries, and where it begins."""
    size = file.seek(0, 2)
    tail = min(size, _END.size + 0xFFFF)
    file.seek(size - tail)
    data = file.read(tail)
    at = data.rfind(b"PK\5\6")
    if at < 0 or len(data) - at < _END.size:
        raise Damaged("no zip file: the list of entries at its end is missing")
    _, disk, first, here, count, length, begin, comment = _END.unpack_from(data, at)
    if disk or first or here != count or at + _END.size + comment != len(data):
        raise Damaged("a zip file of several parts, or with something behind it")
    end = size - tail + at
    if at >= _LOCATOR.size and data[at - _LOCATOR.size : at].startswith(b"PK\6\7"):
        _, _, place, _ = _LOCATOR.unpack_from(data, at - _LOCATOR.size)
        file.seek(min(place, size))
        found = _END_64.unpack(read_exactly(file, _END_64.size, "its list of entries"))
        if found[0] != b"PK\6\6":
            raise Damaged("a list of entries that is not where it should be")
        length, begin, end = found[8], found[9], place
    if length > _DIRECTORY_BYTES:
        raise Damaged(f"a list of entries of {length:,} bytes")
    if begin + length != end:
        raise Damaged("something before the first entry, or behind the last")
    file.seek(begin)
    return read_exactly(file, length, "its list of entries"), begin


def _entries(directory: bytes, most: int) -> Iterator[_Entry]:
    at = count = 0
    while at < len(directory):
        count += 1
        if count > most:
            raise Damaged(f"more than {most:,} entries")
        if len(directory) - at < _ENTRY.size or directory[at : at + 4] != b"PK\1\2":
            raise Damaged("a list of entries that is no such list")
        fields = _ENTRY.unpack_from(directory, at)
        flags, method, crc, packed, size, names, extras, comments = fields[5:13]
        outside, offset = fields[15:]
        at += _ENTRY.size
        name, extra = directory[at : at + names], directory[at + names : at + names + extras]
        at += names + extras + comments
        if at > len(directory):
            raise Damaged("an end in the middle of its list of entries")
        wide = _wide(extra)
        values = [next(wide, v) if v == 0xFFFFFFFF else v for v in (size, packed, offset)]
        size, packed, offset = values
        yield _Entry(name, flags, method, crc, packed, size, outside >> 16, offset)


def _wide(extra: bytes) -> Iterator[int]:
    """The numbers of 64 bits that stand for those that did not fit into 32."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 1:
            yield from (number for (number,) in struct.iter_unpack("<Q", body[: size // 8 * 8]))


def _contents(file: BinaryIO, entry: _Entry) -> int:
    """Where the contents begin, after the header before them was compared."""
    file.seek(entry.offset)
    found = _LOCAL.unpack(read_exactly(file, _LOCAL.size, repr(entry.name)))
    flags, method, names, extras = (int(found[i]) for i in (3, 4, 8, 9))
    name = read_exactly(file, names, repr(entry.name))
    same = (found[0], name, method) == (b"PK\3\4", entry.raw_name, entry.method)
    if not same or (flags ^ entry.flags) & _ENCRYPTED:
        raise Damaged(f"two headers of {entry.name!r} that say different things")
    return entry.offset + _LOCAL.size + names + extras


def _blocks(file: BinaryIO, entry: _Entry, begin: int) -> Iterator[bytes]:
    if entry.flags & _ENCRYPTED:
        raise Damaged(f"{entry.name!r}, which is encrypted")
    if entry.method not in (_STORED, _DEFLATED):
        raise Damaged(f"{entry.name!r}, which is packed by method {entry.method}, not by deflate")
    file.seek(begin)
    packed = _packed(file, entry)
    size, crc = 0, 0
    for block in packed if entry.method == _STORED else _inflated(packed, entry):
        size, crc = size + len(block), zlib.crc32(block, crc)
        if size > entry.size_bytes:
            break
        yield block
    if size != entry.size_bytes:
        raise Damaged(f"{entry.name!r}, which is not of the {entry.size_bytes:,} bytes it says")
    if crc != entry.crc:
        raise Damaged(f"{entry.name!r}, whose check sum is wrong")


def _packed(file: BinaryIO, entry: _Entry) -> Iterator[bytes]:
    left = entry.packed_bytes
    while left:
        block = read_exactly(file, min(left, BLOCK_BYTES), repr(entry.name))
        left -= len(block)
        yield block


def _inflated(packed: Iterator[bytes], entry: _Entry) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-15)
    try:
        for block in packed:
            while block and not inflate.eof:
                yield inflate.decompress(block, BLOCK_BYTES)
                block = inflate.unconsumed_tail
            if inflate.eof and (block or inflate.unused_data):
                break
        while not inflate.eof and (rest := inflate.decompress(b"", BLOCK_BYTES)):
            yield rest
    except zlib.error as error:
        raise Damaged(f"{entry.name!r}, which cannot be unpacked: {error}") from None
    if not inflate.eof or inflate.unused_data or next(packed, b""):
        raise Damaged(f"{entry.name!r}, whose packed contents end too early or too late")
