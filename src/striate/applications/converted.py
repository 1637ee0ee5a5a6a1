"""Published weights by the names that they have here, kept in the cache once they are converted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from torch import Tensor

from .. import settings
from ..errors import WeightsError
from ..io.lock import FileLock
from ..io.store import read_folder, write_folder
from ..models import Backbone
from ..weights.bringing import Progress, bring, kept_at
from ..weights.records import PublishedWeights, Wheel

__all__ = ["converted_folder", "published_state", "remove_published"]

_RULES = 1  # how files are converted; another number makes what is kept stale
_FILE = "model.safetensors"
_STALE_S = 600.0
_DIGITS = 16


def published_state(
    record: PublishedWeights,
    make: Callable[[], Backbone],
    *,
    progress: Progress | None = None,
) -> dict[str, Tensor]:
    """The weights of a record by the state names of its net.

    The first time the file is fetched and read, which takes some seconds; then it is kept as
    safetensors, under its hash.

    Args:
        record: of the weights.
        make: a net that has a place for all of them.
        progress: called while the file is fetched.

    Raises:
        DataError: the file cannot be had.
        WeightsError: it does not hold the weights of the net.
        MissingExtraError: a package is not installed.
    """
    folder = converted_folder(record)
    kept = _kept(folder)
    if kept is not None:
        return kept
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock"), stale_s=_STALE_S):
        kept = _kept(folder)  # the process that was waited for has written it
        if kept is None:
            kept = _converted(record, make, folder, progress)
    return kept


def converted_folder(record: PublishedWeights) -> Path:
    """Where a record's weights are kept once they are converted; it is named, not made."""
    known = record.digest
    parts = [record.architecture, record.source, record.name]
    parts += [] if record.include_top else ["notop"]
    parts.append(known.digits[:_DIGITS] if known is not None else "stated")
    return settings.cache_folder() / "weights" / "converted" / "-".join([*parts, str(_RULES)])


def remove_published(record: PublishedWeights) -> int:
    """Removes what the cache keeps of a record, and gives its bytes; it can be fetched again.

    Args:
        record: of the weights. A package that holds them is left as it is.
    """
    folder, removed = converted_folder(record), 0
    if folder.is_dir():
        removed += sum(each.stat().st_size for each in folder.iterdir())
        shutil.rmtree(folder)
    if not isinstance(record.place, Wheel) and kept_at(record).is_file():
        removed += kept_at(record).stat().st_size
        kept_at(record).unlink()
    return removed


def _converted(
    record: PublishedWeights,
    make: Callable[[], Backbone],
    folder: Path,
    progress: Progress | None,
) -> dict[str, Tensor]:
    net = make()
    net.load_weights(bring(record, progress=progress))
    state: dict[str, Tensor] = {name: each.detach() for name, each in net.state_dict().items()}
    facts = json.dumps(asdict(record), indent=1).encode()
    write_folder(folder, {_FILE: state, "source.json": facts}, replace=True)
    return state


def _kept(folder: Path) -> dict[str, Tensor] | None:
    """What stands in the cache; a damaged folder counts as none, and is written again."""
    if not folder.is_dir():
        return None
    try:
        found: dict[str, Tensor] = read_folder(folder, [_FILE])[_FILE]
    except WeightsError:
        return None
    return found
