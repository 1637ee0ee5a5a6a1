"""A folder that is whole or not there: bytes and tensors, each file with its hash in a manifest.

A folder is written under the sibling name `.<name>.new`: every file, then the manifest, each
flushed to the disk, then the folder itself. Then, in this order: a folder that stands is renamed
to `.<name>.old`; the new one is renamed into place; the parent folder is flushed; the old one is
removed. So after a crash at any point one of three states is found, and a reader follows one
rule: what stands under the name is whole; if nothing stands there, `.<name>.old` is.
One process writes a folder at a time. No file is a pickle.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from striate import _check
from striate.io.durable import sync_folder, write_bytes, write_pieces
from striate.io.manifest import (
    MANIFEST,
    NAME,
    manifest_text,
    read_listed,
    read_manifest,
    verify_listed,
)
from striate.io.tensors import Packed, Tensors, pack

__all__ = ["MANIFEST", "read_folder", "standing", "verify_folder", "write_folder"]


_BLOCK_BYTES = 4096
_FIX = "Free space or choose another place; what stood there before still stands."


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
        _place(place, target, contents, old)
    except OSError as error:
        rule = f"be writable and have room for {_needed_bytes(contents):,} bytes"
        _check.weights_fail(place, rule, error.strerror or str(error), _FIX)
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
    listed = read_manifest(place, folder)
    found: dict[str, Any] = {}
    for name in listed if wanted is None else wanted:
        if name not in listed:
            known = ", ".join(sorted(listed)) or "nothing"
            _check.weights_fail(place, f"hold {name}", f"only {known}", "Write it anew.")
        found[name] = read_listed(place, folder, name, listed[name])
    return found


def verify_folder(path: str | os.PathLike[str]) -> None:
    """Reads every file of a folder back and compares it with its hash; nothing is kept.

    Raises:
        WeightsError: as `read_folder`.
    """
    target = Path(os.path.abspath(path))
    place = f'Folder "{target}"'
    folder = standing(target) or target
    for name, entry in read_manifest(place, folder).items():
        verify_listed(place, folder, name, entry)


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


def _place(place: str, target: Path, contents: Mapping[str, bytes | Packed], old: Path) -> None:
    """Writes beside, then swaps; see the order at the top of this file."""
    new = _sibling(target, "new")
    _discard(new)
    _check_room(place, target.parent, _needed_bytes(contents))
    try:
        os.mkdir(new)
        hashes = {}
        for name, value in contents.items():
            pieces = value.pieces() if isinstance(value, Packed) else [value]
            hashes[name] = write_pieces(new / name, pieces)
        write_bytes(new / MANIFEST, manifest_text(_listed(contents, hashes)))
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


def _contents(place: str, files: Mapping[str, bytes | Tensors]) -> dict[str, bytes | Packed]:
    """What each file shall hold."""
    contents: dict[str, bytes | Packed] = {}
    for name, value in files.items():
        if not NAME.fullmatch(name) or name == MANIFEST:
            rule = f"have plain names of letters, digits and ._-, other than {MANIFEST}"
            _check.fail(place, "files", rule, name, 'For example "model.json".')
        contents[name] = pack(place, name, value) if isinstance(value, Mapping) else bytes(value)
    return contents


def _listed(contents: Mapping[str, bytes | Packed], hashes: Mapping[str, str]) -> dict[str, Any]:
    """What the manifest says of each file; a hash that is not known yet is filled by zeros."""
    listed: dict[str, Any] = {}
    for name, value in contents.items():
        listed[name] = {"bytes": _size(value), "sha256": hashes.get(name, "0" * 64)}
        if isinstance(value, Packed):
            listed[name]["tensors"] = dict(value.formats)
    return listed


def _size(value: bytes | Packed) -> int:
    return value.size if isinstance(value, Packed) else len(value)


def _needed_bytes(contents: Mapping[str, bytes | Packed]) -> int:
    """Room that the files and the manifest take, in whole blocks of a disk."""
    sizes = [*map(_size, contents.values()), len(manifest_text(_listed(contents, {})))]
    return sum(-(-size // _BLOCK_BYTES) * _BLOCK_BYTES for size in sizes)


def _check_room(place: str, folder: Path, needed_bytes: int) -> None:
    disk = shutil.disk_usage(folder)
    if 0 < disk.total and disk.free < needed_bytes:  # a few network disks do not tell: total 0
        rule = f"have {needed_bytes:,} bytes free on its disk"
        _check.weights_fail(place, rule, f"{disk.free:,} bytes", _FIX)
