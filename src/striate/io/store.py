"""A folder that is whole or not there: bytes and tensors, each file with its hash in a manifest.

A folder is written under the sibling name `.<name>.new`: every file, then the manifest, each
flushed to the disk, then the folder itself. Then, in this order: a folder that stands is renamed
to `.<name>.old`; the new one is renamed into place; the parent folder is flushed; the old one is
removed. So after a crash at any point one of three states is found, and a reader follows one
rule: what stands under the name is whole; if nothing stands there, `.<name>.old` is.
One process writes a folder at a time. No file is a pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from striate import _check
from striate.errors import StriateError
from striate.io.damage import Damaged
from striate.io.durable import sync_folder, write_bytes
from striate.io.tensors import Tensors, pack, unpack

__all__ = ["MANIFEST", "read_folder", "standing", "verify_folder", "write_folder"]


MANIFEST = "manifest.json"
"""The file that lists the others, and itself ends with its own hash."""

_VERSION = 1
_MANIFEST_CAP_BYTES = 1 << 26
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def write_folder(
    path: str | os.PathLike[str], files: Mapping[str, bytes | Tensors], *, replace: bool = False
) -> Path:
    """Writes a folder so that it appears at once and whole, and outlives a crash.

    Tensors are written by safetensors, with their memory format (contiguous or channels-last) in
    the manifest. When writing fails, what stood there before still stands.

    Args:
        path: the folder; its parents are made.
        files: name of each file to its bytes, or to the tensors or arrays that it shall hold.
        replace: whether a folder written by this function may be replaced. Default False.

    Raises:
        WeightsError: something stands there that may not be replaced; the disk is full or refuses.
        ArgumentError: a file's name is not plain, or a tensor cannot be stored.

    Example:
        >>> import tempfile, torch
        >>> folder = tempfile.mkdtemp() + "/net"
        >>> _ = write_folder(folder, {"note.txt": b"hi", "w.safetensors": {"w": torch.ones(2)}})
        >>> read_folder(folder)["w.safetensors"]["w"]
        tensor([1., 1.])
    """
    target = Path(os.path.abspath(path))
    place = f'Folder "{target}"'
    contents = _contents(place, files)
    try:
        _make_parents(target)
        old = _sibling(target, "old")
        if not os.path.lexists(target) and old.is_dir():
            os.rename(old, target)
        _check_replaceable(place, target, replace)
        _discard(old)
        _place(target, contents, old)
    except OSError as error:
        size = sum(map(len, contents.values()))
        rule = f"be writable and have room for {size:,} bytes"
        fix = "Free space or choose another place; what stood there before still stands."
        _check.weights_fail(place, rule, error.strerror or str(error), fix)
    shutil.rmtree(old, ignore_errors=True)
    return target


def read_folder(
    path: str | os.PathLike[str], wanted: Collection[str] | None = None
) -> dict[str, Any]:
    """Reads files of a folder that `write_folder` wrote; each is checked against its hash.

    Nothing but the manifest and the wanted files is opened, and no link is followed.

    Args:
        path: the folder.
        wanted: names of files. Default: all that the manifest lists.

    Returns:
        name -> bytes, or name -> {tensor name: tensor} for files that were written from tensors.

    Raises:
        WeightsError: no such folder or file; a link; a byte that differs from what was written.

    Example:
        >>> import tempfile
        >>> folder = write_folder(tempfile.mkdtemp() + "/net", {"a": b"1", "b": b"2"})
        >>> read_folder(folder, ["b"])
        {'b': b'2'}
    """
    target = Path(os.path.abspath(path))
    place = f'Folder "{target}"'
    folder = standing(target) or target
    listed = _read_manifest(place, folder)
    found: dict[str, Any] = {}
    for name in listed if wanted is None else wanted:
        if name not in listed:
            known = ", ".join(sorted(listed)) or "nothing"
            _check.weights_fail(place, f"hold {name}", f"only {known}", "Write it anew.")
        found[name] = _read_listed(place, folder, name, listed[name])
    return found


def verify_folder(path: str | os.PathLike[str]) -> None:
    """Reads every file of a folder back and compares it with its hash; nothing is kept.

    Raises:
        WeightsError: as `read_folder`.
    """
    target = Path(os.path.abspath(path))
    place = f'Folder "{target}"'
    folder = standing(target) or target
    for name, entry in _read_manifest(place, folder).items():
        _read_listed(place, folder, name, entry)


def standing(path: str | os.PathLike[str]) -> Path | None:
    """The folder under a name, or the one that a crash left beside it; None without either.

    Example:
        >>> standing("/no/such/folder") is None
        True
    """
    target = Path(os.path.abspath(path))
    old = _sibling(target, "old")
    if not os.path.lexists(target) and old.is_dir():
        return old
    return target if target.is_dir() else None


def _sibling(target: Path, ending: str) -> Path:
    return target.parent / f".{target.name}.{ending}"  # with_name refuses the root


def _discard(path: Path) -> None:
    if os.path.lexists(path):
        shutil.rmtree(path)


def _make_parents(target: Path) -> None:
    missing = [folder for folder in target.parents if not folder.exists()]
    if missing:
        target.parent.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def _check_replaceable(place: str, target: Path, replace: bool) -> None:
    if not os.path.lexists(target):
        return
    if not replace:
        fix = "Choose another name, or pass replace=True."
        _check.weights_fail(place, "not stand yet", "a file or folder of this name", fix)
    ours = not target.is_symlink() and target.is_dir()
    if not ours or not ((target / MANIFEST).is_file() or not any(target.iterdir())):
        rule = "be empty or written by striate to be replaced"
        got = f"a file, a link or a folder without {MANIFEST}"
        _check.weights_fail(place, rule, got, "Choose another name.")


def _place(target: Path, contents: Mapping[str, bytes], old: Path) -> None:
    """Writes beside, then swaps; see the order at the top of this file."""
    new = _sibling(target, "new")
    _discard(new)
    try:
        os.mkdir(new)
        for name, data in contents.items():
            write_bytes(new / name, data)
        sync_folder(new)
        stood = target.exists()
        if stood:
            os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError:
            if stood:
                os.rename(old, target)
            raise
        sync_folder(target.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _contents(place: str, files: Mapping[str, bytes | Tensors]) -> dict[str, bytes]:
    """Every file's bytes, the manifest last."""
    contents: dict[str, bytes] = {}
    listed: dict[str, Any] = {}
    for name, value in files.items():
        if not _NAME.fullmatch(name) or name == MANIFEST:
            rule = f"have plain names of letters, digits and ._-, other than {MANIFEST}"
            _check.fail(place, "files", rule, name, 'For example "model.json".')
        formats = None
        if isinstance(value, Mapping):
            value, formats = pack(place, name, value)
        contents[name] = bytes(value)
        listed[name] = {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
        if formats is not None:
            listed[name]["tensors"] = formats
    contents[MANIFEST] = _manifest_text(listed)
    return contents


def _manifest_text(listed: Mapping[str, Any]) -> bytes:
    body = {"striate_folder": _VERSION, "files": listed}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**body, "sha256": digest}, sort_keys=True, indent=1) + "\n").encode()


def _read_manifest(place: str, folder: Path) -> dict[str, dict[str, Any]]:
    text = _read_file(place, folder / MANIFEST, _MANIFEST_CAP_BYTES)
    listed: dict[str, dict[str, Any]]
    try:
        body = json.loads(text)
        version, listed = body["striate_folder"], body["files"]
        ours = isinstance(listed, dict) and _manifest_text(listed) == text
    except (ValueError, KeyError, TypeError, RecursionError):
        version, listed, ours = None, {}, False
    if isinstance(version, int) and version > _VERSION:
        rule = f"have version {_VERSION} at most"
        _check.weights_fail(place, rule, f"version {version}", "Update striate.")
    if not ours:
        rule = f"hold a {MANIFEST} as striate wrote it"
        _check.weights_fail(place, rule, "other bytes", "Restore it from a copy or write it anew.")
    return listed


def _read_listed(place: str, folder: Path, name: str, entry: Any) -> Any:
    """One file's bytes or tensors, after size and hash were found right."""
    rule = f"hold {name} as its manifest describes it"
    fix = "Restore it from a copy or write it anew."
    try:
        if not _NAME.fullmatch(name):
            raise Damaged("a name that is not plain")
        size, wanted, formats = entry["bytes"], entry["sha256"], entry.get("tensors")
        data = _read_file(place, folder / name, int(size))
        if len(data) != size:
            raise Damaged(f"{len(data):,} bytes instead of {size:,}")
        if hashlib.sha256(data).hexdigest() != wanted:
            raise Damaged("other bytes: its sha256 differs")
        return data if formats is None else unpack(data, formats)
    except StriateError:
        raise
    except Damaged as error:
        _check.weights_fail(place, rule, str(error), fix)
    except Exception as error:  # a manifest may be made by anyone, and so may its tensors
        _check.weights_fail(place, rule, str(error) or type(error).__name__, fix)


def _read_file(place: str, path: Path, limit_bytes: int) -> bytes:
    """The bytes of a regular file that is no link; one more than the limit shows it is longer."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    rule = f"hold {path.name} as a regular file, not a link"
    fix = "Check the path; a model folder is read from its own files only."
    try:
        if path.is_symlink():
            _check.weights_fail(place, rule, "a link", fix)
        handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(handle)
            _check.weights_fail(place, rule, "a folder, pipe or device", fix)
        with os.fdopen(handle, "rb") as file:
            return file.read(min(limit_bytes, found.st_size) + 1)
    except OSError as error:
        _check.weights_fail(place, rule, error.strerror or str(error), fix)
