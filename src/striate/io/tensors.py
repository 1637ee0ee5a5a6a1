"""Named tensors as the bytes of one safetensors file, and back, in their memory format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from striate import _check
from striate.io.damage import Damaged

__all__ = ["Tensors", "pack", "unpack"]

Tensors = Mapping[str, "Tensor | np.ndarray[Any, Any]"]


def pack(place: str, name: str, tensors: Tensors) -> tuple[bytes, dict[str, str]]:
    """The bytes of a safetensors file, and each tensor's memory format.

    The format is "channels_last" for four dimensions in that order, else "contiguous".

    Args:
        place: what the messages begin with.
        name: the file's name, for the messages.
        tensors: name to tensor or array; two names may share one storage.

    Raises:
        ArgumentError: not a dense tensor of a type that safetensors knows.
    """
    formats: dict[str, str] = {}
    plain: dict[str, Tensor] = {}
    try:
        for key, value in tensors.items():
            if isinstance(value, np.ndarray):
                tensor = torch.from_numpy(value.copy())  # torch knows no negative strides
            else:
                tensor = value.detach().cpu()
            formats[key] = "channels_last" if _is_channels_last(tensor) else "contiguous"
            # A copy of its own: safetensors refuses two names on one storage.
            plain[key] = tensor.clone(memory_format=torch.contiguous_format)
        return safetensors.torch.save(plain), formats
    except (
        SafetensorError,
        AttributeError,
        KeyError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        rule = f"hold dense tensors that safetensors can store, for {name}"
        text = f"{type(error).__name__}: {error}"
        _check.fail(place, "files", rule, text, "Convert the tensor first.")


def unpack(data: bytes, formats: Mapping[str, str]) -> dict[str, Tensor]:
    """The tensors of a safetensors file, each in its memory format.

    Raises:
        Damaged: the file's tensors are not those that the formats name.
        SafetensorError: the bytes are not a safetensors file.
    """
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


def _is_channels_last(tensor: Tensor) -> bool:
    if tensor.dim() != 4:
        return False
    shape = tuple(tensor.shape)
    last = torch.empty(shape, device="meta", memory_format=torch.channels_last).stride()
    return tensor.stride() == last != torch.empty(shape, device="meta").stride()
