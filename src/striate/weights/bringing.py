"""bring: the file of published weights, from the network or from a package, checked."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from .. import _check, settings
from ..errors import MissingExtraError
from ..io.fetch import fetch
from ..io.hub import hub_file
from ..io.stated_digest import stated_digest
from .records import Hub, PublishedWeights, Web, Wheel

__all__ = ["bring", "kept_at"]

Progress = Callable[[int, int | None], None]


def bring(record: PublishedWeights, *, progress: Progress | None = None) -> Path:
    """The path of a record's file; what is not here yet is fetched into the cache.

    Args:
        record: of the weights.
        progress: called while bytes come, with those held and those in all (None if not known).

    Raises:
        DataError: the network is not allowed, or did not give the file; a package's file is not
            the one that is known.
        MissingExtraError: a package is not installed.
    """
    if isinstance(record.place, Wheel):
        return _in_package(record.place)
    return _fetched(record.place, kept_at(record), progress)


def kept_at(record: PublishedWeights) -> Path:
    """Where the cache keeps what is fetched of a record; it is named, not made."""
    place = record.place
    if isinstance(place, Hub):
        folder, file = place.repo.replace("/", "--"), place.file
    else:
        folder, file = record.source, place.file.rpartition("/")[2]
    return settings.cache_folder() / "weights" / folder / file


def _fetched(place: Web | Hub, path: Path, progress: Progress | None) -> Path:
    if isinstance(place, Hub):
        found = hub_file(place.repo, place.file, revision=place.revision)
        size = found.size_bytes
        return fetch(found.url, path, digest=found.digest, size_bytes=size, progress=progress)
    digest = place.digest or stated_digest(place.url)
    return fetch(place.url, path, digest=digest, progress=progress)


def _in_package(place: Wheel) -> Path:
    """The file of a package, which is found without being run."""
    name = f'Weights "{place.file.rpartition("/")[2]}"'
    fix = f"Run: pip install 'striate[{place.extra}]'"
    spec = importlib.util.find_spec(place.module)
    if spec is None or spec.origin is None:
        package = place.module.replace("_", "-")
        raise MissingExtraError(
            f"{name}: the package `{package}` must be installed. Got none. {fix}"
        )
    path = Path(spec.origin).parent / place.file
    found = place.digest.of_file(path)
    if not place.digest.fits(found):
        rule = f"have {place.digest}"
        _check.data_fail(name, rule, found or f"no file {path}", f"Install it anew: {fix}")
    return path
