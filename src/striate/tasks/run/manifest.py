"""Which pictures a run was made from, and how to tell later that they are still the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from striate.tasks.run.content_hashes import array_hash, file_hashes, joint_hash

__all__ = ["hashed", "part_hashes"]


def hashed(
    manifest: Mapping[str, Any], arrays: Mapping[str, Sequence[npt.NDArray[Any]]] | None = None
) -> dict[str, Any]:
    """A data manifest with SHA-256 of every file, and of the data as a whole.

    Each record of `manifest["parts"]` that lists "files" gets "sha256", one for each file, in
    hexadecimal digits, unless it has them already. "data_sha256" is of all names and contents
    together.

    Args:
        manifest: "parts" of files below "root", or none where the data are arrays.
        arrays: part -> its arrays, where the data are no files.

    Raises:
        DataError: a file that cannot be read; it is named.

    Example:
        >>> import numpy as np
        >>> len(hashed({"name": "zeros"}, {"train": [np.zeros(3)]})["data_sha256"])
        64
    """
    root = Path(manifest.get("root", "."))
    rows: list[tuple[str, bytes]] = []
    parts: dict[str, Any] = {}
    for name, part in manifest.get("parts", {}).items():
        parts[name] = part
        if "files" in part:
            known = part.get("sha256")
            found = (
                file_hashes([root / file for file in part["files"]])
                if known is None
                else [bytes.fromhex(each) for each in known]
            )
            parts[name] = {**part, "sha256": [each.hex() for each in found]}
            rows += zip((f"{name}/{file}" for file in part["files"]), found, strict=True)
    for name, content in (arrays or {}).items():
        rows += [(f"{name}/{number}", array_hash(each)) for number, each in enumerate(content)]
    whole = {**manifest, "data_sha256": joint_hash(rows).hex()}
    return {**whole, "parts": parts} if parts else whole


def part_hashes(manifest: Mapping[str, Any], part: str) -> list[bytes] | None:
    """The hashes of a part's files, in their order; None where it has none.

    Example:
        >>> part_hashes({"parts": {"test": {"files": ["a"], "sha256": ["6869"]}}}, "test")
        [b'hi']
    """
    listed = manifest.get("parts", {}).get(part, {}).get("sha256")
    return None if listed is None else [bytes.fromhex(each) for each in listed]
