"""CIFAR's python batches: pickled dicts of pixels and labels, in a folder or a .tar.gz."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import numpy as np

from striate import _check
from striate.datasets.pickled import read_pickle
from striate.datasets.record import Record, Split, UInt8Array
from striate.datasets.refusal import Refused

__all__ = ["read_batches"]

_FIX = "Remove it or fetch it again."


def read_batches(path: Path, record: Record) -> Split:
    """Reads the batches that a record lists, all but the last into train, the last into test.

    The md5 of each batch is checked before it is read; the pixels, stored plane by plane, become
    (n, h, w, 3). Nothing is unpacked to the disk.

    Raises:
        DataError: a batch is missing, not the listed one, or not of pixels and labels.
    """
    place = f'Data "{path}"'
    try:
        found = dict(_archived(path, record) if path.is_file() else _in_folder(path, record))
    except (OSError, EOFError, tarfile.TarError, Refused, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _check.data_fail(place, "hold the batches of " + record.title, reason, _FIX)
    parts = [_batch(found, name, record, place) for name in record.md5]
    images = np.concatenate([part[0] for part in parts[:-1]])
    labels = np.concatenate([part[1] for part in parts[:-1]])
    return (images, labels), parts[-1]


def _cap_bytes(record: Record) -> int:
    """More than a batch can need: its pixels, and as much again for labels and file names."""
    return 2 * int(np.prod(record.shapes["x_train"]))


def _in_folder(path: Path, record: Record) -> Iterator[tuple[str, bytes]]:
    for name in record.md5:
        with open(path / name, "rb") as file:
            yield name, file.read(_cap_bytes(record))


def _archived(path: Path, record: Record) -> Iterator[tuple[str, bytes]]:
    """The listed members, read as they pass by; the first 32 members are looked at."""
    with tarfile.open(path, "r|gz") as archive:
        for _, member in zip(range(32), archive, strict=False):
            if member.size > _cap_bytes(record):
                raise Refused(f"a member of {member.size:,} bytes")
            name = PurePosixPath(member.name).name
            if member.isfile() and name in record.md5:
                stream = archive.extractfile(member)
                yield name, stream.read() if stream is not None else b""


def _batch(
    found: Mapping[str, bytes], name: str, record: Record, place: str
) -> tuple[UInt8Array, UInt8Array]:
    if name not in found:
        _check.data_fail(place, f"hold {name}", "no such batch", _FIX)
    digest = hashlib.md5(found[name], usedforsecurity=False).hexdigest()
    if digest != record.md5[name]:
        rule = f"hold {name} with md5 {record.md5[name]}"
        _check.data_fail(place, rule, digest, _FIX)
    content = read_pickle(found[name], place)
    rule = f"hold pixels and labels in {name}"
    height, width, channels = record.shapes["x_train"][1:]
    try:
        pixels = content["data"].array().reshape(-1, channels, height, width)
        labels = np.array(content["labels"], dtype=np.uint8).reshape(len(pixels), 1)
    except Refused as error:
        _check.data_fail(place, rule, str(error), _FIX)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        _check.data_fail(place, rule, reason, _FIX)
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1), dtype=np.uint8), labels
