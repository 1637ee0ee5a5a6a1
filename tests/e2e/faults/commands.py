"""A short training as a command, how it ended, and what must be as it was before."""

import hashlib
import os
import stat
from dataclasses import dataclass

import pytest

QUICK = ("--epochs", 2, "--batch-size", 8, "--lr", 0.01)

needs_linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def last(self):
        return (self.err.strip().splitlines() or [""])[-1]


def digest(folder):
    """Every name below a folder with rights, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content = b""
        if stat.S_ISREG(state.st_mode):
            content = hashlib.sha256(path.read_bytes()).digest()
        found[str(path)] = (state.st_mode, state.st_mtime_ns, content)
    return found


def ends(done, code, *words):
    """The command ended with this code, and what it said has these words."""
    assert done.code == code, done.err
    for each in words:
        assert each in done.err
    assert "an error in striate" not in done.err or code == 1
    assert "Traceback" not in done.err


def cut(path):
    path.write_bytes(path.read_bytes()[:-60])
