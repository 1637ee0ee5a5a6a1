"""The manifest of a durable folder: size and hash of every file, read and compared by its rules."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from striate import _check
from striate.errors import StriateError
from striate.io.damage import Damaged
from striate.io.strict_json import read_json
from striate.io.tensors import unpack

__all__ = [
    "MANIFEST",
    "NAME",
    "manifest_hash",
    "manifest_text",
    "read_listed",
    "read_manifest",
    "verify_listed",
]

MANIFEST = "manifest.json"
"""The file that lists the others, and itself ends with its own hash."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What a file of such a folder may be called."""

_VERSION = 1
_CAP_BYTES = 1 << 23
_CHUNK_BYTES = 1 << 20


def manifest_text(listed: Mapping[str, Any]) -> bytes:
    """The manifest's bytes: files by name, with `bytes`, `sha256` and for tensors `tensors`."""
    body = {"striate_folder": _VERSION, "files": listed}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**body, "sha256": digest}, sort_keys=True, indent=1) + "\n").encode()


def read_manifest(place: str, folder: Path) -> dict[str, dict[str, Any]]:
    """The files that a folder's manifest lists; WeightsError unless striate wrote it so."""
    listed: dict[str, dict[str, Any]]
    try:
        with _open(place, folder / MANIFEST) as file:
            text = _read(file, _CAP_BYTES)
        body = read_json(text, _CAP_BYTES)
        version, listed = body["striate_folder"], body["files"]
        ours = isinstance(listed, dict) and manifest_text(listed) == text
    except (OSError, Damaged, KeyError, TypeError, ValueError, RecursionError):
        version, listed, ours = None, {}, False
    if isinstance(version, int) and version > _VERSION:
        rule = f"have version {_VERSION} at most"
        _check.weights_fail(place, rule, f"version {version}", "Update striate.")
    if not ours:
        rule = f"hold a {MANIFEST} as striate wrote it"
        _check.weights_fail(place, rule, "other bytes", "Restore it from a copy or write it anew.")
    return listed


def manifest_hash(folder: Path) -> str:
    """The sha256 of a folder's manifest as it stands; WeightsError if it is no regular file."""
    with _open(f'Folder "{folder}"', folder / MANIFEST) as file:
        return hashlib.sha256(_read(file, _CAP_BYTES)).hexdigest()


def read_listed(place: str, folder: Path, name: str, entry: Any) -> Any:
    """One file's bytes or tensors, after size and hash were found right."""
    return _checked(place, folder, name, entry, keep=True)


def verify_listed(place: str, folder: Path, name: str, entry: Any) -> None:
    """Compares one file's size and hash with the disk's bytes, of which none are kept."""
    _checked(place, folder, name, entry, keep=False)


def _checked(place: str, folder: Path, name: str, entry: Any, *, keep: bool) -> Any:
    rule = f"hold {name} as its manifest describes it"
    fix = "Restore it from a copy or write it anew."
    try:
        if not NAME.fullmatch(name):
            raise Damaged("a name that is not plain")
        size, wanted, formats = entry["bytes"], entry["sha256"], entry.get("tensors")
        with _open(place, folder / name) as file:
            data, length, digest = _hashed(file, max(0, int(size)), keep)
        if length != size:
            raise Damaged(f"{length:,} bytes instead of {size:,}")
        if digest != wanted:
            raise Damaged("other bytes: its sha256 differs")
        return data if formats is None or not keep else unpack(data, formats)
    except StriateError:
        raise
    except Damaged as error:
        _check.weights_fail(place, rule, str(error), fix)
    except Exception as error:  # a manifest may be made by anyone, and so may its tensors
        _check.weights_fail(place, rule, str(error) or type(error).__name__, fix)


def _hashed(file: BinaryIO, limit_bytes: int, keep: bool) -> tuple[bytes, int, str]:
    """The bytes if they are kept, their number and hash; one more than the limit shows excess."""
    if keep:
        data = _read(file, limit_bytes)
        return data, len(data), hashlib.sha256(data).hexdigest()
    digest, left = hashlib.sha256(), limit_bytes + 1
    while chunk := file.read(min(left, _CHUNK_BYTES)):
        digest.update(chunk)
        left -= len(chunk)
    return b"", limit_bytes + 1 - left, digest.hexdigest()


def _open(place: str, path: Path) -> BinaryIO:
    """A regular file that is no link, opened; nothing blocks on a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    rule = f"hold {path.name} as a regular file, not a link"
    fix = "Check the path; a model folder is read from its own files only."
    try:
        if path.is_symlink():
            _check.weights_fail(place, rule, "a link", fix)
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            _check.weights_fail(place, rule, "a folder, pipe or device", fix)
        return os.fdopen(handle, "rb")
    except OSError as error:
        _check.weights_fail(place, rule, error.strerror or str(error), fix)


def _read(file: BinaryIO, limit_bytes: int) -> bytes:
    """The bytes, at most one more than the limit; memory is taken for what the file has."""
    return file.read(min(limit_bytes, os.fstat(file.fileno()).st_size) + 1)
