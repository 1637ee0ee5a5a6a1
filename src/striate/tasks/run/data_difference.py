"""Which pictures are not those of a run any more: by name, content and label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["data_difference"]

_SHOWN = 3


def data_difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """How two data manifests differ, in words; empty where they hold the same.

    Only parts, names, contents and labels count: data that have moved are still the same.

    Args:
        was, now: from `striate.tasks.run.manifest.hashed`.

    Example:
        >>> was = {"parts": {"train": {"files": ["a", "b"], "sha256": ["1", "2"]}}}
        >>> now = {"parts": {"train": {"files": ["a", "c"], "sha256": ["9", "3"]}}}
        >>> data_difference(was, now)
        'in train changed a; missing b; new c'
    """
    rows = []
    before, after = was.get("parts", {}), now.get("parts", {})
    for part in {**before, **after}:
        old, new = _files(before.get(part, {})), _files(after.get(part, {}))
        found = {
            "changed": [name for name in old if name in new and old[name] != new[name]],
            "missing": [name for name in old if name not in new],
            "new": [name for name in new if name not in old],
        }
        words = [f"{kind} {_listed(names)}" for kind, names in found.items() if names]
        rows += [f"in {part} {'; '.join(words)}"] if words else []
    if rows:
        return ", ".join(rows)
    whole = [each.get("data_sha256") for each in (was, now)]
    classes = [each.get("class_names") for each in (was, now)]
    same = whole[0] == whole[1] and classes[0] == classes[1]
    return "" if same else "other pictures or classes"


def _files(part: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Name -> content and label."""
    files, hashes = part.get("files", []), part.get("sha256", [])
    labels = part.get("labels", [None] * len(files))
    rows = zip(files, hashes, labels, strict=True)
    return {name: (content, label) for name, content, label in rows}


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
