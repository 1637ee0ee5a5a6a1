"""A `.keras` archive: the model's description, and its numbers in a file of HDF5."""

from __future__ import annotations

from typing import Any, BinaryIO

from striate.io.damage import Damaged
from striate.io.members import Member
from striate.io.strict_json import read_json
from striate.io.zip_members import zip_members

__all__ = ["is_keras_archive", "read_archive"]

_CONFIG, _METADATA, _NUMBERS = "config.json", "metadata.json", "model.weights.h5"
_OTHER_NUMBERS = "model.weights.npz"
_ASSETS = "assets"
_MOST_ENTRIES, _MOST_ENTRIES_OF_ANY = 10_000, 200_000
_MOST_CONFIG_BYTES = 1 << 22
_SLACK_BYTES = 1 << 20


def is_keras_archive(file: BinaryIO) -> bool:
    """Whether a zip file has an entry by which Keras' archives are known.

    Raises:
        Damaged: it is no whole zip file.
    """
    marks = {_CONFIG, _NUMBERS, _OTHER_NUMBERS}
    return any(member.name in marks for member in zip_members(file, _MOST_ENTRIES_OF_ANY))


def read_archive(file: BinaryIO, size_bytes: int) -> tuple[bytes, Any, tuple[str, ...]]:
    """The HDF5 file in an archive, the model's description, and what is left out.

    Args:
        file: open for reading, seekable.
        size_bytes: of the file.

    Raises:
        Damaged: the reason.
    """
    members: dict[str, Member] = {}
    left_out: list[str] = []
    for member in zip_members(file, _MOST_ENTRIES):
        folder, inside, _ = member.name.partition("/")
        if folder == _ASSETS and inside:
            left_out += [member.name] if member.kind == "file" else []
        elif member.kind != "file" or member.name in members or not _is_part(member.name):
            raise Damaged(f"an entry that Keras does not write: {member.name[:80]!r}")
        else:
            members[member.name] = member
    if _OTHER_NUMBERS in members:
        raise Damaged("a Keras archive with its numbers in NumPy's format, which is not read")
    for name in (_CONFIG, _NUMBERS):
        if name not in members:
            raise Damaged(f"a Keras archive without {name}")
    config = read_json(_contents(members[_CONFIG], _MOST_CONFIG_BYTES), _MOST_CONFIG_BYTES)
    if isinstance(config, dict) and config.get("compile_config"):
        left_out.append("compile_config")
    return _contents(members[_NUMBERS], 2 * size_bytes + _SLACK_BYTES), config, tuple(left_out)


def _is_part(name: str) -> bool:
    return name in (_CONFIG, _METADATA, _NUMBERS, _OTHER_NUMBERS)


def _contents(member: Member, most_bytes: int) -> bytes:
    if member.size_bytes > most_bytes:
        raise Damaged(f"{member.name} of {member.size_bytes:,} bytes, more than {most_bytes:,}")
    return b"".join(member.blocks())
