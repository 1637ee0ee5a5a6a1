"""Weights from another program's file, by way of processes that can do nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, NoReturn

import safetensors.torch
from torch import Tensor

from striate import _check, settings
from striate.errors import DataError
from striate.io.damage import Damaged
from striate.io.foreign.limits import FORBIDDEN_CODE
from striate.io.foreign.take import REFUSED_CODE
from striate.io.foreign.torch_file import LEGACY_START, ZIP_START
from striate.io.regular_file import open_regular
from striate.io.safetensors_header import check_header
from striate.io.strict_json import read_json

__all__ = ["ForeignWeights", "read_foreign"]

_RULE = "be a state dict of plain tensors that torch.save wrote, or a safetensors file"
_SAVE = "Where the file comes from, save the weights alone: torch.save(model.state_dict(), path)."
_ARRAYS = "Where Keras is installed: model.set_weights(keras_model.get_weights())."
_PROGRAM = "import sys; sys.path += sys.argv[1:]; from striate.io.foreign import {0}; {0}.main()"
_PACKAGES = ("striate", "torch", "safetensors", "numpy", "typing_extensions")
_LOOK_S, _TAKE_S, _A_GIB_S = 60.0, 120.0, 120.0
_REASON_LETTERS = 500


@dataclass(frozen=True)
class ForeignWeights:
    """Named tensors from another program's file.

    Args:
        format: "safetensors"; or "zip" or "legacy", the two of torch.save.
        tensors: by name, each dense and in the processor's memory.
        left_out: names of what stood beside the tensors; at most 50 of them.
    """

    format: str
    tensors: dict[str, Tensor]
    left_out: tuple[str, ...] = ()


def read_foreign(path: str | os.PathLike[str]) -> ForeignWeights:
    """The tensors of a safetensors file, or of a state dict that `torch.save` wrote.

    A safetensors file holds numbers only and is read here. A file of torch.save is a pickle, which
    is a program: it is gone over without being followed, and then read by torch with weights_only,
    each in a process that opens nothing, connects to nothing, starts nothing and has limits of
    memory and time. What it hands over is a safetensors file. There is no other way in.

    Args:
        path: of the file; it may be a link.

    Raises:
        WeightsError: no such file; another format; a pickle that asks for more than tensors; a
            damaged file.
    """
    place = f'Weights "{os.fspath(path)}"'
    try:
        file = open_regular(place, os.fspath(path))
    except DataError as error:
        rule, fix = "be a file that can be read", "Check path and rights."
        _check.weights_fail(place, rule, str(error).partition(". Got ")[2].partition(". ")[0], fix)
    with file:
        start = file.read(512)
        file.seek(0)
        if start[8:9] == b"{" and not start.startswith((ZIP_START, b"\x80")):
            return ForeignWeights("safetensors", *_unpacked(place, file.read())[:1])
        if not start.startswith((ZIP_START, LEGACY_START)):
            _refuse(place, *_other(start, Path(path).suffix.lower()))
        return _by_processes(place, file)


def _other(start: bytes, suffix: str) -> tuple[str, str]:
    """What a file is that is not read, and what to do about it."""
    if start.startswith(b"\x89HDF"):
        return "an HDF5 file, which is not read yet", _ARRAYS
    if suffix == ".onnx":
        return "an ONNX file, which is not read yet", _SAVE
    if start.startswith(b"\x80"):
        return "a pickle that torch.save did not write", _SAVE
    if start[257:262] == b"ustar":
        return "a tar archive, which torch wrote before version 0.1.10", _SAVE
    return "an empty file" if not start else "a file of another format", _SAVE


def _by_processes(place: str, file: BinaryIO) -> ForeignWeights:
    size = os.fstat(file.fileno()).st_size
    with tempfile.TemporaryFile() as seen:
        code = _run("look", file, seen, _LOOK_S)
        said = _said(seen) if code == 0 else {}
        if "format" not in said:
            _refuse(place, *_failure(code, said))
    with tempfile.TemporaryFile() as taken:
        code = _run("take", file, taken, _TAKE_S + _A_GIB_S * (size >> 30))
        if code != 0:
            _refuse(place, *_failure(code, _said(taken) if code == REFUSED_CODE else {}))
        taken.seek(0)
        tensors, notes = _unpacked(place, taken.read())
    return ForeignWeights(notes["format"], tensors, tuple(json.loads(notes["left_out"])))


def _run(program: str, file: BinaryIO, out: IO[bytes], seconds: float) -> int | None:
    """The exit code of a program of this folder; None where it took too long and was ended."""
    file.seek(0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    try:
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PROGRAM.format(program), *_folders()],
            stdin=file,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=settings.reader_environment(),
            cwd=os.path.abspath(os.sep),
            timeout=seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return None


def _folders() -> list[str]:
    """Where this process has the packages from that the programs need; they get no others."""
    files = [Path(str(sys.modules[name].__file__)).resolve() for name in _PACKAGES]
    above = [file.parents[file.name == "__init__.py"] for file in files]
    return list(dict.fromkeys(map(str, above)))


def _said(out: IO[bytes]) -> dict[str, Any]:
    out.seek(0)
    try:
        said = read_json(out.read(1 << 16))
    except Damaged:
        return {}
    return said if isinstance(said, dict) else {}


def _failure(code: int | None, said: dict[str, Any]) -> tuple[str, str]:
    reason = said.get("refused")
    if isinstance(reason, str):
        return reason, _ARRAYS if "Keras" in reason else _SAVE
    if code is None:
        return "a file whose reading did not end in time", _SAVE
    if code == FORBIDDEN_CODE:
        return "a file whose reading tried more than to read numbers", _SAVE
    return f"a file whose reading ended with code {code}", _SAVE


def _unpacked(place: str, data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        notes = check_header(data)
        return safetensors.torch.load(data), notes
    except Damaged as error:
        _refuse(place, str(error), "Get or write the file anew.")


def _refuse(place: str, got: str, fix: str) -> NoReturn:
    plain = "".join(letter if letter.isprintable() else "?" for letter in got)
    _check.weights_fail(place, _RULE, plain[:_REASON_LETTERS].rstrip("."), fix)
