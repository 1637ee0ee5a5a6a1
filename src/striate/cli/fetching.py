"""A download on its way: how much is there, on a line that moves, only on a terminal."""

from __future__ import annotations

import sys
import time

from striate.cli.streams import progress_console, say

__all__ = ["Fetching"]

_REFRESH_S = 0.2
_WIPE = "\r\x1b[2K"
_MIB = 2**20


class Fetching:
    """Says once that something is fetched; called with bytes held and bytes in all.

    Args:
        what: is fetched.
    """

    def __init__(self, what: str) -> None:
        console = progress_console()
        self._moves = console.is_terminal and not console.is_dumb_terminal and not console.quiet
        self._what, self._shown, self._said = what, 0.0, False

    def __call__(self, held: int, total: int | None) -> None:
        """Told of more bytes."""
        if not self._said:
            size = "" if total is None else f", {total / _MIB:.1f} MiB"
            say(f"Fetching {self._what}{size}.")
            self._said = True
        now = time.perf_counter()
        if self._moves and (now - self._shown >= _REFRESH_S or held == total):
            self._shown = now
            line = "" if held == total else f"{held / _MIB:.1f} MiB"
            print(f"{_WIPE}{line}", end="", file=sys.stderr, flush=True)
