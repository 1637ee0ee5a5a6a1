"""Who looks on when a module runs: hooks, and functions put in the place of its own."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn
from torch.nn.modules import module as torch_module

__all__ = ["is_hooked", "is_replaced"]


def is_hooked(modules: Iterable[nn.Module]) -> bool:
    """Whether anything looks at what goes into one of the modules, or comes out."""
    if torch_module._has_any_global_hook():
        return True
    for module in modules:
        own = module.__dict__
        if own["_forward_hooks"] or own["_forward_pre_hooks"] or "forward" in own or "call" in own:
            return True
    return False


def is_replaced(module: nn.Module) -> bool:
    """Whether a module computes by a function of its own instead of its class's.

    Profilers and libraries that place weights wrap `forward` on the object in this way.
    """
    own = module.__dict__
    return "forward" in own or "call" in own
