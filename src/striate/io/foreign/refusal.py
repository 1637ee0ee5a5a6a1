"""How the programs of this folder say no, and name what they leave out."""

from __future__ import annotations

import json
from collections.abc import Sequence

__all__ = ["REASON_LETTERS", "REFUSED_CODE", "few_names", "refusal"]

REASON_LETTERS = 500
"""The longest reason that is handed over."""

REFUSED_CODE = 3
"""The exit code with which standard output holds {"refused": the reason} instead of tensors."""

_MOST_NAMES, _NAME_LETTERS = 50, 80


def refusal(error: Exception) -> bytes:
    """One JSON object that says why a file is not read."""
    reason = str(error) or "contents that take more memory than weights need"
    return json.dumps({"refused": reason[:REASON_LETTERS]}).encode()


def few_names(left_out: Sequence[str]) -> str:
    """The first names, each cut to its first letters, as a JSON list."""
    return json.dumps([name[:_NAME_LETTERS] for name in left_out[:_MOST_NAMES]])
