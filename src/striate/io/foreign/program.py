"""The programs of this folder, each in a process of its own that gets a file and no more."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, BinaryIO

from striate import settings
from striate.io.damage import Damaged
from striate.io.foreign.limits import FORBIDDEN_CODE
from striate.io.foreign.refusal import REFUSED_CODE
from striate.io.strict_json import read_json

__all__ = ["Failed", "run_program", "said"]

_START = "import sys; sys.path += sys.argv[1:]; from striate.io.foreign import {0}; {0}.main()"
_PACKAGES = ("striate", "torch", "safetensors", "numpy", "typing_extensions", "h5py")
_NO_PLUGINS = {"HDF5_PLUGIN_PRELOAD": "::"}  # with which HDF5 loads no programs that unpack
_MOST_SAID_BYTES = 1 << 16
_OUT_OF_TIME = [-getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name)]


class Failed(Exception):
    """A program did not hand over what it should: the reason, for an error's sentence."""


def run_program(name: str, file: BinaryIO, out: IO[bytes], *, seconds: float) -> None:
    """Runs a program with a file as its input, and leaves `out` at the beginning of its output.

    Args:
        name: of the program's file in this folder.
        file: what it reads.
        out: an empty file on a disk, for what it writes.
        seconds: after which it is ended.

    Raises:
        Failed: it refused the file, was ended, or ended otherwise than it should.
    """
    code = _exit_code(name, file, out, seconds)
    out.seek(0)
    if code is None or code in _OUT_OF_TIME:
        raise Failed("a file whose reading did not end in time")
    if code == FORBIDDEN_CODE:
        raise Failed("a file whose reading tried more than to read numbers")
    if code == REFUSED_CODE:
        reason = said(out).get("refused")
        raise Failed(reason if isinstance(reason, str) else "a file that was refused")
    if code != 0:
        raise Failed(f"a file whose reading ended with code {code}")


def said(out: IO[bytes]) -> dict[str, Any]:
    """The JSON object that a program wrote; {} where it wrote something else."""
    out.seek(0)
    try:
        found = read_json(out.read(_MOST_SAID_BYTES))
    except Damaged:
        return {}
    return found if isinstance(found, dict) else {}


def _exit_code(name: str, file: BinaryIO, out: IO[bytes], seconds: float) -> int | None:
    """None where it took too long and was ended."""
    file.seek(0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    try:
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", _START.format(name), *_folders()],
            stdin=file,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=settings.reader_environment() | _NO_PLUGINS,
            cwd=os.path.abspath(os.sep),
            timeout=seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return None


def _folders() -> list[str]:
    """Where this process finds the packages that the programs need; they get no others."""
    specs = [importlib.util.find_spec(name) for name in _PACKAGES]
    files = [Path(spec.origin).resolve() for spec in specs if spec and spec.origin]
    above = [file.parents[file.name == "__init__.py"] for file in files]
    return list(dict.fromkeys(map(str, above)))
