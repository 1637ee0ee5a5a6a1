"""Named arrays as an HDF5 file, written by a process that has h5py."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import torch
from torch import Tensor

from striate import _check
from striate.errors import MissingExtraError
from striate.io.foreign.program import Failed, run_program

__all__ = ["write_arrays"]

_SECONDS, _A_GIB_S = 60.0, 120.0


def write_arrays(
    place: str, path: Path, arrays: Mapping[str, Tensor], *, names: Mapping[str, str]
) -> None:
    """Writes a new HDF5 file.

    Args:
        place: what the messages begin with.
        path: of the file; what stands there is replaced.
        arrays: path in the file -> numbers, in their order of axes; bfloat16, which HDF5 lacks,
            becomes float32.
        names: folder in the file -> its attribute "name".

    Raises:
        MissingExtraError: h5py is not installed.
        WeightsError: the file could not be written to its end.
    """
    if importlib.util.find_spec("h5py") is None:
        raise MissingExtraError(
            f"{place}: a Keras file is written by h5py, which is not installed. "
            "Run: pip install 'striate[keras]'"
        )
    plain = {key: _plain(tensor) for key, tensor in arrays.items()}
    size = sum(tensor.nbytes for tensor in plain.values())
    with tempfile.TemporaryFile() as given, path.open("w+b") as out:
        _hand_over(given, plain, names)
        try:
            run_program("write_keras", given, out, seconds=_SECONDS + _A_GIB_S * (size >> 30))
        except Failed:
            fix = "Free space or choose another place."
            _check.weights_fail(place, "be written to its end", "a writer that ended early", fix)


def _hand_over(file: BinaryIO, arrays: Mapping[str, Tensor], names: Mapping[str, str]) -> None:
    rows = [
        (path, str(tensor.dtype).removeprefix("torch."), list(tensor.shape))
        for path, tensor in arrays.items()
    ]
    file.write(json.dumps({"names": dict(names), "arrays": rows}).encode() + b"\n")
    for tensor in arrays.values():
        file.write(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
    file.flush()


def _plain(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().cpu().resolve_neg()
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor
