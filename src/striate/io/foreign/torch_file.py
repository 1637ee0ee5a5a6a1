"""The two formats of torch.save, gone over before torch reads them: what they hold, and where."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from striate.io.damage import Damaged
from striate.io.foreign.state_dict import find_state
from striate.io.foreign.state_pickle import StoredTensor, read_pickle
from striate.io.members import Member
from striate.io.zip_members import zip_members

__all__ = ["LEGACY_START", "ZIP_START", "Contents", "read_contents"]

ZIP_START = b"PK\3\4"
LEGACY_START = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

_LEGACY_VERSION = 1001
_MOST_PICKLE_BYTES = 1 << 23
_MOST_ENTRIES = 200_000
_SLACK_BYTES = 1 << 20
_BESIDE = re.compile(
    r"data/\d{1,9}|data\.pkl|byteorder|version|\.format_version|\.storage_alignment"
    r"|\.data/serialization_id"
)
_FORMATS = (
    (re.compile(r"(.*/)?constants\.pkl|(.*/)?code/.*"), "a TorchScript archive, which is code"),
    (re.compile(r"(.*/)?archive_format|(.*/)?models/.*"), "a PT2 archive, which is a program"),
    (re.compile(r".*\.npy"), "an archive of NumPy arrays, which is not read"),
)


@dataclass(frozen=True)
class Contents:
    """What a file of torch.save holds.

    Args:
        format: "zip" or "legacy".
        tensors: name -> the tensor as the file describes it.
        left_out: names of what stands beside the tensors.
    """

    format: str
    tensors: Mapping[str, StoredTensor]
    left_out: tuple[str, ...]


def read_contents(file: BinaryIO) -> Contents:
    """What a file says it holds, after everything that it says was found to agree.

    Args:
        file: open for reading, seekable.

    Raises:
        Damaged: the reason.
    """
    size = file.seek(0, 2)
    file.seek(0)
    start = file.read(len(LEGACY_START))
    if start.startswith(ZIP_START):
        form, content = "zip", _from_zip(file, size)
    elif start == LEGACY_START:
        form, content = "legacy", _from_legacy(file, size)
    else:
        raise Damaged("a pickle that torch.save did not write")
    state, left_out = find_state(content, lambda value: type(value) is StoredTensor)
    shown = sum(tensor.size_bytes for tensor in state.values())
    if shown > 2 * size + _SLACK_BYTES:
        raise Damaged(f"tensors of {shown:,} bytes in a file of {size:,}")
    return Contents(form, state, left_out)


def _from_zip(file: BinaryIO, size: int) -> Any:
    found = list(zip_members(file, _MOST_ENTRIES))
    for form, words in _FORMATS:
        if any(form.fullmatch(member.name) for member in found):
            raise Damaged(words)
    members = _of_one_folder(found)
    unpacked = sum(member.size_bytes for member in found)
    if unpacked > size:
        raise Damaged(f"entries that unpack to {unpacked:,} bytes, more than the file's {size:,}")
    if "data.pkl" not in members:
        raise Damaged("a zip file without data.pkl")
    content, storages = read_pickle(_pickle_of(members["data.pkl"]))
    for key, storage in storages.items():
        numbers = members.get(f"data/{key}")
        wanted = storage.count * storage.item_bytes
        if numbers is None or numbers.size_bytes != wanted:
            got = "no" if numbers is None else f"{numbers.size_bytes:,}"
            raise Damaged(
                f"{got} bytes of numbers under the key {key[:40]!r} instead of {wanted:,}"
            )
    for member in members.values():
        for _ in member.blocks():  # compares the check sum, which torch does not
            pass
    return content


def _of_one_folder(found: list[Member]) -> dict[str, Member]:
    """The entries by their names in the one folder that torch.save writes, and no others."""
    members: dict[str, Member] = {}
    for member in found:
        _, _, name = member.name.partition("/")
        if member.kind != "file" or not _BESIDE.fullmatch(name) or name in members:
            raise Damaged(f"an entry that torch.save does not write: {member.name[:80]!r}")
        members[name] = member
    if len({member.name.partition("/")[0] for member in found}) != 1:
        raise Damaged("a zip file that is not one folder")
    return members


def _pickle_of(member: Member) -> io.BytesIO:
    if member.size_bytes > _MOST_PICKLE_BYTES:
        raise Damaged(f"a pickle of {member.size_bytes:,} bytes")
    return io.BytesIO(b"".join(member.blocks()))


def _from_legacy(file: BinaryIO, size: int) -> Any:
    """Five pickles (a number, a version, the machine, the content, the keys), then the storages."""
    file.seek(0)
    front = io.BytesIO(file.read(_MOST_PICKLE_BYTES))
    read_pickle(front)
    version, _ = read_pickle(front)
    machine, _ = read_pickle(front)
    if version != _LEGACY_VERSION or not isinstance(machine, dict):
        raise Damaged("another version of torch's older format")
    content, storages = read_pickle(front)
    keys, _ = read_pickle(front)
    listed = type(keys) is list and all(type(key) is str for key in keys)
    if not listed or sorted(keys) != sorted(storages):
        raise Damaged("a list of storages that are not those of the tensors")
    at = front.tell()
    for key in keys:
        storage = storages[key]
        file.seek(at)
        count = int.from_bytes(file.read(8), "little")
        if count != storage.count:
            raise Damaged(f"{count:,} numbers under the key {key[:40]!r}, not {storage.count:,}")
        at += 8 + storage.count * storage.item_bytes
    if at != size:
        raise Damaged(f"{size:,} bytes instead of the {at:,} that its storages need")
    return content
