"""How many are done and how fast, on a line that moves: only on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from striate.cli.streams import progress_console

__all__ = ["Counter"]

_REFRESH_S = 0.1
_WIPE = "\r\x1b[2K"


class Counter:
    """A moving line on standard error, where that is a terminal and standard output is not.

    Where results go to the same terminal, they are the progress.

    Args:
        what: is counted, such as "pictures".
    """

    def __init__(self, what: str) -> None:
        console = progress_console()
        self._moves = console.is_terminal and not console.is_dumb_terminal and not console.quiet
        self._moves = self._moves and not sys.stdout.isatty()
        self._what, self.count = what, 0
        self._began = self._shown = time.perf_counter()

    def __enter__(self) -> Counter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def add(self) -> None:
        """Counts one."""
        self.count += 1
        now = time.perf_counter()
        if self._moves and now - self._shown >= _REFRESH_S:
            self._shown = now
            rate = self.count / (now - self._began)
            line = f"{self.count:,} {self._what}  {rate:,.0f} a second"
            print(f"{_WIPE}{line}", end="", file=sys.stderr, flush=True)

    def wipe(self) -> None:
        """Takes the line away, so that a sentence can be said."""
        if self._moves:
            print(_WIPE, end="", file=sys.stderr, flush=True)
