"""The number type of the forward pass: float32, bfloat16 where it wins, or what fits best."""

from __future__ import annotations

import platform
from contextlib import AbstractContextManager, nullcontext

import torch

from .. import _check

__all__ = ["PRECISIONS", "autocast", "resolve"]

PRECISIONS = ("float32", "bfloat16", "auto")
_ARM = ("aarch64", "arm64")


def resolve(precision: str, device: torch.device, *, place: str = "fit") -> str:
    """The precision, "float32" or "bfloat16", that fulfils a wish.

    "auto" takes bfloat16 where the device multiplies it natively: a processor with AVX-512 BF16
    or AMX, an ARM processor or a GPU that says so. (A processor with an older AVX-512 can run it,
    too, number by number.)

    Raises:
        ArgumentError: another word.

    Example:
        >>> resolve("float32", torch.device("cpu"))
        'float32'
    """
    _check.choice(place, "precision", precision, PRECISIONS)
    if precision != "auto":
        return precision
    return "bfloat16" if _multiplies_bfloat16(device) else "float32"


def _multiplies_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        if platform.machine() in _ARM:
            return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return False


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which the forward pass runs; weights and loss stay float32."""
    if precision == "float32":
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
