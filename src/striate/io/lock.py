"""One process at a time: a lock that is a file, and that outlives no holder for long."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import time
from pathlib import Path
from types import TracebackType

__all__ = ["FileLock"]

_POLL_S = 0.1


class FileLock:
    """A context that one process at a time is inside; others wait.

    The lock is a file that is made only where there is none. Its holder renews it; a lock of a
    dead process of this machine, or one that nobody renewed for `stale_s` by the waiter's own
    clock, is taken over.

    Args:
        path: where the lock's file stands; its folder must exist.
        stale_s: seconds without renewal after which the holder counts as gone.
    """

    def __init__(self, path: Path, stale_s: float) -> None:
        self._path = path
        self._stale_s = stale_s
        self._token = f"{os.getpid()} {socket.gethostname()} {secrets.token_hex(8)}\n"
        self._renewed = 0.0

    def __enter__(self) -> FileLock:
        seen, since = None, time.monotonic()
        while not self._take():
            state = self._state()
            if state != seen:
                seen, since = state, time.monotonic()
            late = time.monotonic() - since > self._stale_s
            if (late or self._holder_is_dead()) and self._state() == state:
                self._path.unlink(missing_ok=True)
            else:
                time.sleep(_POLL_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(FileNotFoundError):
            if self._path.read_text(encoding="utf-8") == self._token:
                self._path.unlink()

    def renew(self) -> None:
        """Says that the holder is alive; cheap, to be called at every step."""
        if time.monotonic() - self._renewed > 1.0:
            self._renewed = time.monotonic()
            with contextlib.suppress(FileNotFoundError):  # taken over while this process slept
                os.utime(self._path)

    def _take(self) -> bool:
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            return False
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(self._token)
        except OSError:  # a full disk; a lock that names no holder would make others wait
            self._path.unlink(missing_ok=True)
            raise
        self._renewed = time.monotonic()
        return True

    def _state(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _holder_is_dead(self) -> bool:
        if os.name == "nt":  # there, asking after a process by os.kill would end it
            return False
        try:
            pid, host, _ = self._path.read_text(encoding="utf-8").split()
            if host == socket.gethostname():
                os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except (OSError, ValueError, OverflowError):
            return False
        return False
