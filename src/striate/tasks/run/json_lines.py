"""Files of one JSON record a line, as runs leave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from striate.io.regular_file import read_at_most

__all__ = ["read_json_lines"]

_MOST_BYTES = 2**28


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    r"""The records of a file, in order; a line that a crash has cut is passed over.

    Args:
        path: of the file; one that is not there has none.

    Example:
        >>> _ = Path("log.jsonl").write_text('{"epoch": 1}\n{"epoch": 2}\n{"epo')
        >>> read_json_lines(Path("log.jsonl"))
        [{'epoch': 1}, {'epoch': 2}]
    """
    try:
        with path.open("rb") as file:
            lines = read_at_most(file, _MOST_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    rows = []
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows
