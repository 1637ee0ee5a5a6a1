"""What a process that reads a foreign file may still do, once it has imported what it needs."""

from __future__ import annotations

import codecs
import math
import os
import signal
import sys
import time
from typing import Any

if sys.platform != "win32":
    import resource

__all__ = ["FORBIDDEN_CODE", "forbid", "limit"]

FORBIDDEN_CODE = 86
"""The exit code of a process that tried what is forbidden."""

_MOST_FILES = 64
_FORBIDDEN = (
    "open",
    "import",
    "exec",
    "compile",
    "code.",
    "ctypes.",
    "ftplib.",
    "http.",
    "imaplib.",
    "marshal.",
    "mmap.",
    "nntplib.",
    "os.",
    "poplib.",
    "pty.",
    "shutil.",
    "signal.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "telnetlib.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
    "winreg.",
)


def limit(
    *, memory_bytes: int, written_bytes: int, seconds: float, files: int = _MOST_FILES
) -> None:
    """Sets how much more the process may take; where the system has no such limit, nothing.

    Args:
        memory_bytes: address space beyond what is taken now.
        written_bytes: length of any file that is written.
        seconds: of computing, beyond what it has computed.
        files: open at once; with 0 none can be opened any more, and those that are open remain.
    """
    codecs.lookup("cp437")  # of old zip files; Python imports it when it first meets one
    if sys.platform == "win32":
        return
    now = _address_space_bytes()
    if now is not None:
        _lower(resource.RLIMIT_AS, now + memory_bytes)
    _lower(resource.RLIMIT_FSIZE, written_bytes)
    _lower(resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # which counts parts of a second too
    _lower(resource.RLIMIT_NOFILE, files)
    _lower(resource.RLIMIT_CORE, 0)


def forbid() -> None:
    """From now on opening, importing, compiling, starting and connecting anything ends the process.

    What Python itself is asked to do passes here first; it cannot be undone within the process.
    """
    sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        os._exit(FORBIDDEN_CODE)


def _address_space_bytes() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _lower(kind: int, value: int) -> None:
    if sys.platform == "win32":
        return
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):  # a system that knows the limit and does not set it
        return
