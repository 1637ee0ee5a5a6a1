"""A program: turns a Keras file on standard input into a safetensors file on standard output."""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import Any, BinaryIO

from striate.io.damage import Damaged
from striate.io.foreign.array_tree import StoredArray
from striate.io.foreign.hdf5 import read_hdf5, warm_up
from striate.io.foreign.keras_archive import read_archive
from striate.io.foreign.keras_config import described_layers
from striate.io.foreign.keras_contents import HDF5_START, KerasLayer
from striate.io.foreign.keras_older_file import is_older, listed_variables
from striate.io.foreign.keras_weights_file import variables_of_layers
from striate.io.foreign.limits import forbid, limit
from striate.io.foreign.refusal import REFUSED_CODE, few_names, refusal
from striate.io.strict_json import read_json

__all__ = ["converted", "main"]

_SLACK_BYTES = 1 << 29
_SECONDS, _SECONDS_A_MIB, _SECONDS_A_GIB = 0.5, 1, 60  # HDF5 may never end with a damaged file
_SAFETENSORS = {
    "bfloat16": "BF16",
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint8": "U8",
}


def main() -> None:
    """Reads standard input, writes standard output."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints does not come between the numbers
    warnings.simplefilter("ignore")
    warm_up()
    size = os.fstat(0).st_size
    with open(0, "rb", closefd=False) as file, os.fdopen(out, "wb") as result:
        seconds = min(
            _SECONDS + _SECONDS_A_MIB * (size / 2**20), _SECONDS_A_GIB * (1 + size / 2**30)
        )
        most_bytes = 10 * size + _SLACK_BYTES
        limit(memory_bytes=2 * most_bytes, written_bytes=most_bytes, seconds=seconds, files=0)
        forbid()
        try:
            result.writelines(converted(file, size))
        except (Damaged, MemoryError, OSError) as error:
            result.write(refusal(error))
            result.flush()
            sys.exit(REFUSED_CODE)


def converted(file: BinaryIO, size: int) -> list[bytes]:
    """The parts of a safetensors file: a Keras file's numbers, and in notes what else it says.

    Args:
        file: at its beginning.
        size: of the file, in bytes.

    Raises:
        Damaged: the reason.
    """
    try:
        return _converted(file, size)
    except RecursionError:
        raise Damaged("a description that is nested too deep") from None


def _converted(file: BinaryIO, size: int) -> list[bytes]:
    archived = file.read(len(HDF5_START)) != HDF5_START
    file.seek(0)
    numbers, config, left_out = read_archive(file, size) if archived else (file.read(), None, ())
    root = read_hdf5(numbers)
    described = root.texts("model_config")
    if described is not None and not archived:
        if len(described) != 1:
            raise Damaged("a model's description that is not one text")
        config = read_json(described[0].encode())
    reader = listed_variables if is_older(root) else variables_of_layers
    layers, more = reader(root, described_layers(config))
    if not layers:
        raise Damaged("an HDF5 file without the variables of any Keras layer")
    notes = {
        "format": "keras" if archived else "h5" if is_older(root) else "weights.h5",
        "left_out": few_names((*left_out, *more)),
        "layers": json.dumps([(layer.name, layer.kind, layer.count) for layer, _ in layers]),
        "config": json.dumps(config if isinstance(config, dict) else None),
    }
    return _packed(layers, notes)


def _packed(
    layers: list[tuple[KerasLayer, list[StoredArray]]], notes: dict[str, str]
) -> list[bytes]:
    """A safetensors file, in the order of the layers."""
    header: dict[str, Any] = {"__metadata__": notes}
    parts: list[bytes] = []
    end = 0
    for layer, arrays in layers:
        for number, array in enumerate(arrays):
            name = f"{layer.name}/{number}"
            if name in header:
                raise Damaged(f"two layers of one name, {name[:80]!r}")
            if array.dtype not in _SAFETENSORS:
                raise Damaged(f"a variable of another kind of number: {name[:80]!r}")
            parts.append(array.read())
            begin, end = end, end + len(parts[-1])
            header[name] = {
                "dtype": _SAFETENSORS[array.dtype],
                "shape": list(array.shape),
                "data_offsets": [begin, end],
            }
    front = json.dumps(header).encode()
    front += b" " * (-len(front) % 8)
    return [len(front).to_bytes(8, "little"), front, *parts]
