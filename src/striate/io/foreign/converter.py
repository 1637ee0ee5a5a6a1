"""Weights from another program's file, by way of processes that can do nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

import safetensors.torch
from torch import Tensor

from striate import _check
from striate.errors import DataError, MissingExtraError
from striate.io.damage import Damaged
from striate.io.foreign.keras_contents import HDF5_START, KerasContents, KerasLayer
from striate.io.foreign.program import Failed, run_program, said
from striate.io.foreign.refusal import REASON_LETTERS
from striate.io.foreign.torch_file import LEGACY_START, ZIP_START
from striate.io.regular_file import open_regular
from striate.io.safetensors_header import check_header
from striate.io.strict_json import read_json

__all__ = ["ForeignWeights", "read_foreign"]

_RULE = "be weights that Keras or torch.save wrote, or a safetensors file"
_SAVE = "Where the file comes from, save the weights alone: torch.save(model.state_dict(), path)."
_KERAS = 'Where the file comes from, save the weights alone: model.save_weights("w.weights.h5").'
_LOOK_S, _TAKE_S, _A_GIB_S = 60.0, 120.0, 120.0


@dataclass(frozen=True)
class ForeignWeights:
    """Named tensors from another program's file.

    Args:
        format: "safetensors"; "zip" or "legacy", the two of torch.save; "weights.h5", "h5" or
            "keras", the three of Keras.
        tensors: by name, each dense and in the processor's memory. Those of Keras are in its
            layout, named "<layer>/<number>".
        left_out: names of what stood beside the tensors; at most 50 of them.
        keras: what a Keras file says of its layers; None of any other.
    """

    format: str
    tensors: dict[str, Tensor]
    left_out: tuple[str, ...] = ()
    keras: KerasContents | None = None


def read_foreign(path: str | os.PathLike[str]) -> ForeignWeights:
    """The tensors of a safetensors file, a state dict that `torch.save` wrote, or a Keras file.

    A safetensors file holds numbers only and is read here. A file of torch.save is a pickle, which
    is a program: it is gone over without being followed, and then read by torch with weights_only.
    A Keras file is HDF5, alone or in an archive, which may name other files: only the plain part
    of it is read, by h5py. Each is done by a process that opens nothing, connects to nothing,
    starts nothing and has limits of memory and time. What it hands over is a safetensors file.
    There is no other way in.

    Args:
        path: of the file; it may be a link.

    Raises:
        WeightsError: no such file; another format; a pickle that asks for more than tensors; an
            HDF5 file that asks for more than itself; a damaged file.
        MissingExtraError: a Keras file, and the extra "keras" is not installed.
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
        if _is_safetensors(start, os.fstat(file.fileno()).st_size):
            return ForeignWeights("safetensors", *_unpacked(place, file.read())[:1])
        if start.startswith(HDF5_START):
            return _keras(place, file)
        if not start.startswith((ZIP_START, LEGACY_START)):
            _refuse(place, *_other(start, Path(path).suffix.lower()))
        return _keras(place, file) if _format(place, file) == "keras" else _torch(place, file)


def _is_safetensors(start: bytes, size: int) -> bool:
    """Whether a file begins with a length that it has room for, and JSON; or with JSON at least."""
    has_room = int.from_bytes(start[:8], "little") <= size
    return start[8:9] == b"{" and (has_room or not start.startswith((ZIP_START, b"\x80")))


def _other(start: bytes, suffix: str) -> tuple[str, str]:
    """What a file is that is not read, and what to do about it."""
    if suffix == ".json" and start.lstrip()[:1] == b"{":
        return "a list of several weight files, which are not read as one", _KERAS
    if suffix == ".onnx":
        return "an ONNX file, which is not read yet", _SAVE
    if start.startswith(b"\x80"):
        return "a pickle that torch.save did not write", _SAVE
    if start[257:262] == b"ustar":
        return "a tar archive, which torch wrote before version 0.1.10", _SAVE
    got = "an empty file" if not start else "a file of another format"
    return got, _KERAS if suffix in (".h5", ".hdf5", ".keras") else _SAVE


def _format(place: str, file: BinaryIO) -> str:
    """What a file says it is, by a look at all of it but the numbers."""
    with tempfile.TemporaryFile() as seen:
        try:
            run_program("look", file, seen, seconds=_LOOK_S)
        except Failed as failed:
            _refuse(place, str(failed), _SAVE)
        found = said(seen).get("format")
    if not isinstance(found, str):
        _refuse(place, "a file whose reading ended without a word", _SAVE)
    return found


def _torch(place: str, file: BinaryIO) -> ForeignWeights:
    tensors, notes = _taken(place, "take", file, _SAVE)
    return ForeignWeights(notes["format"], tensors, tuple(json.loads(notes["left_out"])))


def _keras(place: str, file: BinaryIO) -> ForeignWeights:
    if importlib.util.find_spec("h5py") is None:
        raise MissingExtraError(
            f"{place}: a Keras file is read by h5py, which is not installed. "
            "Run: pip install 'striate[keras]'"
        )
    tensors, notes = _taken(place, "take_keras", file, _KERAS)
    layers = tuple(KerasLayer(*layer) for layer in json.loads(notes["layers"]))
    names = [f"{layer.name}/{number}" for layer in layers for number in range(layer.count)]
    try:
        config = read_json(notes["config"].encode())
    except Damaged as error:
        _refuse(place, str(error), _KERAS)
    return ForeignWeights(
        notes["format"],
        {name: tensors[name] for name in names},
        tuple(json.loads(notes["left_out"])),
        KerasContents(layers, config),
    )


def _taken(
    place: str, program: str, file: BinaryIO, fix: str
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors that a program hands over, and its notes."""
    size = os.fstat(file.fileno()).st_size
    with tempfile.TemporaryFile() as out:
        try:
            run_program(program, file, out, seconds=_TAKE_S + _A_GIB_S * (size >> 30))
        except Failed as failed:
            _refuse(place, str(failed), fix)
        return _unpacked(place, out.read())


def _unpacked(place: str, data: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        notes = check_header(data)
        return safetensors.torch.load(data), notes
    except Damaged as error:
        _refuse(place, str(error), "Get or write the file anew.")


def _refuse(place: str, got: str, fix: str) -> NoReturn:
    plain = "".join(letter if letter.isprintable() else "?" for letter in got)
    _check.weights_fail(place, _RULE, plain[:REASON_LETTERS].rstrip("."), fix)
