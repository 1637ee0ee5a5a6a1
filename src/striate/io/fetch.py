"""A file from the network: verified, resumed, from the first mirror that has it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from striate import _check, settings
from striate.io.digest import Digest
from striate.io.durable import sync_folder
from striate.io.lock import FileLock
from striate.io.transfer import Transfer, TransferError, allowed

__all__ = ["fetch"]

_ATTEMPTS = 5  # at one address, as long as each brings something


def fetch(
    urls: str | Sequence[str],
    path: str | os.PathLike[str],
    *,
    sha256: str | None = None,
    digest: Digest | None = None,
    size_bytes: int | None = None,
    timeout_s: float = 30.0,
    progress: Callable[[int, int | None], None] | None = None,
) -> Path:
    """Brings a file into place and returns its path; what is there and right is not fetched.

    The addresses are tried in their order. Only https is spoken, and http to this machine itself.
    Bytes go to `<path>.part`; a later call continues there. The file appears under its name at
    once and whole, after its hash is found right; a wrong one is deleted. Two processes may ask
    for the same file: one fetches, the other waits.

    Args:
        urls: one address, or several of the same file.
        path: where the file shall stand; its folder is made.
        sha256: of the whole file, 64 hexadecimal digits.
        digest: where its publisher names no whole sha256: what there is instead.
        size_bytes: of the whole file; more is refused. Default: at most 16 GiB.
        timeout_s: seconds that the other side may be silent. Default 30.
        progress: called with the bytes held and the bytes in all (None if not known).

    Raises:
        DataError: the network is not allowed, no address gave the file, or it cannot be written.
        ArgumentError: an address that is neither https nor local; a malformed sha256; sha256 and
            digest, or neither.

    Example:
        >>> import hashlib, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "a.bin"
        >>> _ = file.write_bytes(b"here already")
        >>> known = hashlib.sha256(b"here already").hexdigest()
        >>> fetch("https://example.org/a.bin", file, sha256=known).name
        'a.bin'
    """
    target = Path(path)
    place = f'Download of "{target.name}"'
    by_hand = f"or put the file at {target} yourself."
    addresses = [urls] if isinstance(urls, str) else list(urls)
    _check_addresses(addresses)
    wanted = _wanted(sha256, digest)
    transfer = Transfer(_beside(target, ".part"), size_bytes, timeout_s, progress)
    problems: list[str] | None = None
    try:
        if not wanted.fits(wanted.of_file(target)):
            if setting := settings.offline():
                rule = "be allowed to use the network"
                _check.data_fail(place, rule, setting, f"Unset it, {by_hand}")
            target.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(_beside(target, ".lock"), stale_s=2 * timeout_s + 10) as lock:
                problems = _bring(addresses, target, wanted, replace(transfer, alive=lock.renew))
    except OSError as error:
        reason = error.strerror or str(error)
        rule = f"be writable at {target}"
        _check.data_fail(place, rule, reason, "Free space or set STRIATE_CACHE.")
    if problems is not None:
        got = "; ".join(problems) or "no address"
        rule = "come whole from one of its addresses"
        _check.data_fail(place, rule, got, f"Check the network, {by_hand}")
    return target


def _check_addresses(addresses: Sequence[str]) -> None:
    for url in addresses:
        if not allowed(url):
            rule = "begin with https://, or with http:// and name this machine"
            _check.fail("fetch", "urls", rule, url)


def _wanted(sha256: str | None, digest: Digest | None) -> Digest:
    if digest is not None and sha256 is None:
        return digest
    if sha256 is None or digest is not None:
        rule = "be given, or digest instead"
        _check.fail("fetch", "sha256", rule, sha256, "A file is not fetched without its hash.")
    if not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        _check.fail("fetch", "sha256", "be 64 hexadecimal digits", sha256)
    return Digest("sha256", sha256)


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _bring(
    addresses: Sequence[str], target: Path, wanted: Digest, transfer: Transfer
) -> list[str] | None:
    """None when the file is in place, else what went wrong at each address."""
    if wanted.fits(wanted.of_file(target)):  # the process that was waited for has brought it
        return None
    problems = []
    for url in addresses:
        try:
            _from_one(url, wanted, transfer)
        except TransferError as error:
            problems.append(f"{url}: {error}")
        else:
            os.replace(transfer.part, target)
            transfer.clear()
            sync_folder(target.parent)
            return None
    return problems


def _from_one(url: str, wanted: Digest, transfer: Transfer) -> None:
    """Attempts one address while each attempt brings something; ends with the right bytes."""
    for attempt in range(1, _ATTEMPTS + 1):
        held = transfer.held_bytes()
        try:
            transfer.attempt(url)
        except TransferError:
            if attempt == _ATTEMPTS or transfer.held_bytes() <= held:
                raise
            continue
        found = wanted.of_file(transfer.part, alive=transfer.alive)
        if wanted.fits(found):
            return
        transfer.clear()
        if not held:  # these bytes all came from here; else the earlier part may be to blame
            raise TransferError(
                f"a file with {wanted.algorithm} {found} instead of {wanted.digits}"
            )
    raise TransferError("no attempt ended with the whole file")
