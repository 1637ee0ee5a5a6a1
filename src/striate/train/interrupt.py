"""Ctrl-C or SIGTERM during a run: the step is finished first, a second one stops at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["TERMINATED", "Interrupt", "interruptible"]

TERMINATED = 143
"""The exit code of a process that SIGTERM has ended: 128 and the signal's number."""


class Interrupt:
    """Whether the run was asked to stop, and by which signal."""

    def __init__(self) -> None:
        self.signal: int | None = None

    @property
    def asked(self) -> bool:
        """Whether a signal has come."""
        return self.signal is not None

    def raise_if_asked(self) -> None:
        """Raises what the signal asked for, if one has come.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            SystemExit: SIGTERM, with the code 143.
        """
        if self.signal == signal.SIGTERM:
            raise SystemExit(TERMINATED)
        if self.asked:
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Within it Ctrl-C and SIGTERM only set `asked`; a second one of any kind acts at once.

    Outside the main thread, or where the program has a handler of its own, nothing is changed.
    """
    interrupt = Interrupt()

    def remember(number: int, frame: Any) -> None:
        if interrupt.asked and number == signal.SIGTERM:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        if interrupt.asked:
            raise KeyboardInterrupt
        interrupt.signal = number

    usual: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
    }
    main = threading.current_thread() is threading.main_thread()
    taken = {n: h for n, h in usual.items() if main and signal.getsignal(n) is h}
    for number in taken:
        signal.signal(number, remember)
    try:
        yield interrupt
    finally:
        for number, handler in taken.items():
            signal.signal(number, handler)
