"""A program: turns a state dict on standard input into a safetensors file on standard output.

torch reads the numbers, with weights_only and nothing else; what it finds must be what was read
from the file before without it. There is no second way when this fails.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any, BinaryIO

import safetensors.torch
import torch
from safetensors import SafetensorError

from striate.io.damage import Damaged
from striate.io.foreign.limits import forbid, limit
from striate.io.foreign.refusal import REFUSED_CODE, few_names, refusal
from striate.io.foreign.state_dict import find_state
from striate.io.foreign.torch_file import Contents, read_contents

__all__ = ["main", "plain_tensors"]

_SLACK_BYTES = 1 << 29
_SECONDS_A_GIB = 60


def main() -> None:
    """Reads standard input, writes standard output."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints does not come between the tensors
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    _warm_up()
    size = os.fstat(0).st_size
    seconds = _SECONDS_A_GIB * (1 + (size >> 30))
    limit(memory_bytes=8 * size + _SLACK_BYTES, written_bytes=4 * size + (1 << 24), seconds=seconds)
    with open(0, "rb", closefd=False) as file, os.fdopen(out, "wb") as result:
        forbid()
        try:
            contents = read_contents(file)
            file.seek(0)
            result.write(_packed(plain_tensors(file, contents), contents))
        except (Damaged, MemoryError, OSError, SafetensorError) as error:
            result.write(refusal(error))
            result.flush()
            sys.exit(REFUSED_CODE)


def plain_tensors(file: BinaryIO, contents: Contents) -> dict[str, torch.Tensor]:
    """The tensors that torch finds in a file, each in memory of its own.

    Args:
        file: at its beginning.
        contents: what `read_contents` said of it.

    Raises:
        Damaged: torch refuses the file, or finds other names, shapes or kinds of numbers.
    """
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise Damaged(f"a file that torch does not read: {reason}") from None
    state, _ = find_state(found, lambda value: isinstance(value, torch.Tensor))
    if set(state) != set(contents.tensors):
        raise Damaged("other tensors than the file says")
    plain = {}
    for name, said in contents.tensors.items():
        tensor = state[name].detach()
        dtype = str(tensor.dtype).removeprefix("torch.")
        strided = tensor.layout == torch.strided and tensor.device.type == "cpu"
        if not strided or (tuple(tensor.shape), dtype) != (said.shape, said.storage.dtype):
            raise Damaged(f"another tensor {name[:80]!r} than the file says")
        plain[name] = tensor.clone(memory_format=torch.contiguous_format)
    return plain


def _packed(tensors: dict[str, torch.Tensor], contents: Contents) -> bytes:
    notes = {"format": contents.format, "left_out": few_names(contents.left_out)}
    return safetensors.torch.save(tensors, metadata=notes)


def _warm_up() -> None:
    """Has torch import all that it imports when it first reads, before importing is forbidden."""
    some: dict[str, Any] = {"weight": torch.nn.Parameter(torch.zeros(1))}
    for zipped in (True, False):
        file = io.BytesIO()
        torch.save(some, file, _use_new_zipfile_serialization=zipped)
        file.seek(0)
        torch.load(file, map_location="cpu", weights_only=True)
    safetensors.torch.save({"weight": torch.zeros(1)}, metadata={})
