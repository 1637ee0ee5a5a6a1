"""In which surroundings a run gives the same bits: what they are, and how two of them differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import torch

from .._version import __version__

__all__ = ["outside_scope", "scope_of"]

_MAY_DIFFER = {
    "striate": "whatever this version computes in another way",
    "torch": "the rounding of every operation",
    "build": "the rounding of every operation",
    "device": "the rounding of every operation",
    "capability": "the rounding of every operation",
    "threads": "the order of sums, so their last bits",
    "dtype": "the precision of all new tensors",
    "matmul": "the precision of products",
    "deterministic": "the order of sums on a GPU, so their last bits",
    "onednn": "which kernels compute, so their last bits",
    "cudnn": "which kernels compute, so their last bits",
}


def scope_of(device: torch.device) -> dict[str, Any]:
    """Everything beside a run's settings that its bits depend on, as JSON can hold it.

    Args:
        device: where the model computes.

    Example:
        >>> scope = scope_of(torch.device("cpu"))
        >>> scope["device"], scope["dtype"]
        ('cpu', 'float32')
    """
    on_gpu = device.type == "cuda"
    scope: dict[str, Any] = {
        "striate": __version__,
        "torch": str(torch.__version__),
        "build": hashlib.sha256(torch.__config__.show().encode()).hexdigest()[:16],
        "device": torch.cuda.get_device_name(device) if on_gpu else device.type,
        "capability": torch.backends.cpu.get_cpu_capability(),
        "threads": torch.get_num_threads(),
        "dtype": str(torch.get_default_dtype()).removeprefix("torch."),
        "matmul": torch.get_float32_matmul_precision(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "onednn": bool(torch.backends.mkldnn.enabled),
    }
    if on_gpu:
        switches = torch.backends.cudnn
        flags = (switches.enabled, switches.deterministic, switches.benchmark, switches.allow_tf32)
        scope["cudnn"] = [switches.version(), *map(bool, flags)]
    return scope


def outside_scope(was: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """What differs between two scopes and what that may change, in one sentence; None if nothing.

    Example:
        >>> outside_scope({"threads": 2}, {"threads": 1})[:62]
        'Resume: the run was saved in other surroundings (threads: 2 → '
        >>> outside_scope({"threads": 2}, {"threads": 2}) is None
        True
    """
    odd = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    if not odd:
        return None
    rows = ", ".join(f"{name}: {was.get(name)} → {now.get(name)}" for name in odd)
    effects = list(dict.fromkeys(_MAY_DIFFER.get(name, "the results") for name in odd))
    return (
        f"Resume: the run was saved in other surroundings ({rows}). It goes on, but not bit for "
        f"bit as it would have there: what may differ is {'; '.join(effects)}."
    )
