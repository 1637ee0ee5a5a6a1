"""One process writes a folder at a time: a second one is refused at once."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from filelock import FileLock, Timeout

from striate import _check

__all__ = ["SoleWriter"]

_LOCK = ".writer.lock"
_NOTE = ".writer"
_NOTE_WAIT_S = 0.5
_POLL_S = 0.02


class SoleWriter:
    """A context that one process at a time is inside, for a folder that it writes.

    The lock is the operating system's: a process that ends in any way, killed too, loses it. The
    folder is made where there is none. The file `.writer.lock` stays in it, empty; `.writer`
    beside it says who is inside.

    Args:
        path: the folder.

    Raises:
        DataError: another process is inside (the message names its number and machine), or the
            folder cannot be written, or its disk knows no locks. Both on entry.

    Example:
        >>> import tempfile
        >>> with SoleWriter(tempfile.mkdtemp()) as writer:
        ...     (writer.folder / ".writer").read_text().split()[0] == str(os.getpid())
        True
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.folder = Path(os.path.abspath(path))
        self._lock = FileLock(self.folder / _LOCK, thread_local=False)
        self._place = f'Folder "{self.folder}"'

    def __enter__(self) -> SoleWriter:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except Timeout:
            rule = "be written by one process at a time"
            fix = "Wait for it to end, or choose another folder."
            _check.data_fail(self._place, rule, self._holder(), fix)
        except (OSError, NotImplementedError) as error:
            self._refuse(error)
        try:
            new = self.folder / f"{_NOTE}.new"
            new.write_text(f"{os.getpid()} {socket.gethostname()}\n", encoding="utf-8")
            os.replace(new, self.folder / _NOTE)
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                self._refuse(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):  # a note that stays is passed over: nobody is inside
            (self.folder / _NOTE).unlink()
        self._lock.release()

    def _refuse(self, error: OSError | NotImplementedError) -> NoReturn:
        reason = getattr(error, "strerror", None) or str(error) or "no locks on this disk"
        fix = "Check the rights, or choose a folder on another disk."
        _check.data_fail(self._place, "be writable and take a lock", reason, fix)

    def _holder(self) -> str:
        """Who is inside. The note may be a moment late, or of a process that was killed."""
        until = time.monotonic() + _NOTE_WAIT_S
        while True:
            with contextlib.suppress(OSError, ValueError):
                text = (self.folder / _NOTE).read_text(encoding="utf-8")
                pid, host = text.split()
                if host != socket.gethostname() or _lives(int(pid)):
                    return f"process {pid} on {host}, which writes it now"
            if time.monotonic() > until:
                return "another process, which writes it now"
            time.sleep(_POLL_S)


def _lives(pid: int) -> bool:
    if os.name == "nt":  # there, asking after a process by os.kill would end it
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
