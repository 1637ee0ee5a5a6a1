"""device_memory: what may still be taken where a model computes."""

from __future__ import annotations

import torch

from .free_memory import Memory, free_memory

__all__ = ["device_memory"]


def device_memory(device: torch.device) -> Memory | None:
    """The memory that may still be taken on a device; None where it does not tell.

    What torch has taken of a GPU and does not use counts as free.

    Args:
        device: such as that of a model.

    Example:
        >>> device_memory(torch.device("meta")) is None
        True
    """
    if device.type == "cpu":
        return free_memory()
    if device.type != "cuda":
        return None
    free = torch.cuda.mem_get_info(device)[0]
    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return Memory(free + unused, f"free on {torch.cuda.get_device_name(device)}")
