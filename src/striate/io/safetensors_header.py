"""The list of tensors at the front of a safetensors file, read strictly before memory is taken."""

from __future__ import annotations

import math
from typing import Any

from striate.io.damage import Damaged
from striate.io.strict_json import read_json

__all__ = ["check_header"]

_MOST_HEADER_BYTES = 1 << 23
_MOST_DIMENSIONS = 64
_MOST_SIZE = 1 << 40
_FIELDS = {"dtype", "shape", "data_offsets"}
_ITEM_BYTES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "I16": 2,
    "U16": 2,
    "F16": 2,
    "BF16": 2,
    "I32": 4,
    "U32": 4,
    "F32": 4,
    "I64": 8,
    "U64": 8,
    "F64": 8,
}


def check_header(data: bytes) -> dict[str, str]:
    """The notes of a file whose list of tensors is whole and covers its bytes exactly once.

    Narrower than the safetensors library, which takes a name that stands twice, fields that the
    format does not have, and any number of dimensions.

    Args:
        data: the whole file.

    Raises:
        Damaged: the reason.
    """
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise Damaged("no safetensors file: it is shorter than its list of tensors")
    if length > _MOST_HEADER_BYTES:
        raise Damaged(f"a list of tensors of {length:,} bytes, more than {_MOST_HEADER_BYTES:,}")
    listed = read_json(data[8 : 8 + length], _MOST_HEADER_BYTES)
    if not isinstance(listed, dict):
        raise Damaged("a list of tensors that is no JSON object")
    notes = listed.pop("__metadata__", {})
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise Damaged("notes that are no texts")
    ranges = sorted(_range(name, entry) for name, entry in listed.items())
    end = 0
    for begin, stop, name in ranges:
        if begin != end:
            raise Damaged(f"bytes that overlap, or that belong to no tensor, at {name[:80]!r}")
        end = stop
    if end != len(data) - 8 - length:
        raise Damaged(f"{len(data) - 8 - length:,} bytes of tensors where {end:,} are listed")
    return notes


def _range(name: str, entry: Any) -> tuple[int, int, str]:
    """Where the bytes of a tensor begin and end, and its name."""
    said = f"tensor {name[:80]!r}"
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise Damaged(f"{said} without dtype, shape and data_offsets, or with more than these")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _ITEM_BYTES:
        raise Damaged(f"{said} of an unknown number type, {str(dtype)[:20]!r}")
    if not _are_sizes(shape) or len(shape) > _MOST_DIMENSIONS:
        raise Damaged(f"{said} with a shape that is not up to {_MOST_DIMENSIONS} sizes")
    if not _are_sizes(offsets) or len(offsets) != 2:
        raise Damaged(f"{said} whose place is not two numbers")
    begin, stop = offsets
    if stop - begin != math.prod(shape) * _ITEM_BYTES[dtype]:
        raise Damaged(f"{said} of {stop - begin:,} bytes, which are not its shape's")
    return begin, stop, name


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(n) is int and 0 <= n < _MOST_SIZE for n in value)
