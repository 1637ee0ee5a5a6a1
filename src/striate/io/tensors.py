"""Named tensors as the bytes of one safetensors file, and back, in their memory format.

Written piece by piece, so that a file of any size needs no second copy of its tensors; the bytes
are those that the safetensors library writes. Reading is the library's work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from striate import _check
from striate.io.damage import Damaged
from striate.io.safetensors_header import check_header

__all__ = ["Packed", "Tensors", "pack", "unpack"]

Tensors = Mapping[str, "Tensor | np.ndarray[Any, Any]"]

# The types that a file may hold. Those further down come first in the file.
_TYPES = {
    torch.bool: "BOOL",
    torch.uint8: "U8",
    torch.int8: "I8",
    torch.float8_e5m2: "F8_E5M2",
    torch.float8_e4m3fn: "F8_E4M3",
    torch.int16: "I16",
    torch.uint16: "U16",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int32: "I32",
    torch.uint32: "U32",
    torch.float32: "F32",
    torch.float64: "F64",
    torch.int64: "I64",
    torch.uint64: "U64",
}
_RANK = {dtype: rank for rank, dtype in enumerate(_TYPES)}
_METADATA = "__metadata__"


@dataclass(frozen=True)
class Packed:
    """A safetensors file that is not written yet.

    Args:
        header: the bytes before the tensors.
        tensors: in the file's order.
        formats: name to memory format, "channels_last" or "contiguous".
    """

    header: bytes
    tensors: tuple[Tensor, ...]
    formats: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.header) + sum(tensor.nbytes for tensor in self.tensors)

    def pieces(self) -> Iterator[bytes | memoryview]:
        """The file's bytes in order; only tensors in another order are copied, one by one."""
        yield self.header
        for tensor in self.tensors:
            plain = tensor.cpu().resolve_neg().contiguous()
            yield plain.reshape(-1).view(torch.uint8).numpy().data


def pack(place: str, name: str, tensors: Tensors) -> Packed:
    """A safetensors file of tensors, with each one's memory format.

    The format is "channels_last" for four dimensions in that order, else "contiguous". The tensors
    are read when the pieces are taken.

    Args:
        place: what the messages begin with.
        name: the file's name, for the messages.
        tensors: name to tensor or array; two names may share one storage.

    Raises:
        ArgumentError: not a dense tensor of a type that safetensors knows.
    """
    plain: dict[str, Tensor] = {}
    for key, value in tensors.items():
        tensor = _tensor(value)
        if tensor is None or not isinstance(key, str) or key == _METADATA:
            rule = f"hold dense tensors that safetensors can store, for {name}"
            kind = getattr(value, "dtype", type(value).__name__)
            _check.fail(place, "files", rule, f"{key}: {kind}", "Convert the tensor first.")
        plain[key] = tensor
    order = sorted(plain, key=lambda key: (-_RANK[plain[key].dtype], key))
    formats = {key: _format(tensor) for key, tensor in plain.items()}
    return Packed(_header(order, plain), tuple(plain[key] for key in order), formats)


def unpack(data: bytes, formats: Mapping[str, str]) -> dict[str, Tensor]:
    """The tensors of a safetensors file, each in its memory format.

    Raises:
        Damaged: the bytes are no safetensors file, or of other tensors than the formats name.
    """
    check_header(data)
    tensors = safetensors.torch.load(data)
    if set(tensors) != set(formats):
        raise Damaged("tensors of other names than the manifest lists")
    for key, tensor in tensors.items():
        if formats[key] == "channels_last":
            empty = torch.empty_like(tensor, memory_format=torch.channels_last)
            tensors[key] = empty.copy_(tensor)
        elif formats[key] != "contiguous":
            raise Damaged(f"a memory format {formats[key]!r}")
    return tensors


def _tensor(value: Any) -> Tensor | None:
    """A tensor that a file can hold; None for anything else."""
    if isinstance(value, np.ndarray):
        try:
            return torch.from_numpy(value.copy())  # torch knows no negative strides
        except TypeError:
            return None
    if not isinstance(value, Tensor) or value.layout != torch.strided or value.is_meta:
        return None
    return value.detach() if value.dtype in _TYPES else None


def _header(order: list[str], tensors: Mapping[str, Tensor]) -> bytes:
    """The length of a JSON text, then the text, filled up so that the numbers are aligned."""
    entries: dict[str, Any] = {}
    end = 0
    for key in order:
        tensor = tensors[key]
        start, end = end, end + tensor.nbytes
        entries[key] = {
            "dtype": _TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _format(tensor: Tensor) -> str:
    if tensor.dim() != 4:
        return "contiguous"
    shape = tuple(tensor.shape)
    last = torch.empty(shape, device="meta", memory_format=torch.channels_last).stride()
    plain = torch.empty(shape, device="meta").stride()
    return "channels_last" if tensor.stride() == last != plain else "contiguous"
