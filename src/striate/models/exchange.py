"""Max-pooling before a rectifier: the same numbers from a quarter of the work.

max over a window of relu(x) is relu of the max, and both send the gradient to the same pixel or
to none; so where a rectified map is only pooled, the pooled map is rectified in its place. (Other
limits than 6 are left out: torch's clamp sends a gradient to a pixel that is just at the limit.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.modules import module as torch_module

from .. import ops
from ..layers.activation import Activation, ReLU
from ..layers.base import Layer
from ..layers.casting import to_tensors
from ..layers.conv import Conv2D
from ..layers.pooling import MaxPooling2D
from ..layers.separable import SeparableConv2D
from ..ops.pool import max_pool_window
from .hooks import is_replaced

__all__ = ["commute", "pooled_first"]

_WEIGHING = (Conv2D, SeparableConv2D)
_RECTIFIERS = (ops.relu, ops.relu6)

Rectify = Callable[[Tensor], Tensor]


def commute(first: Any, pool: Any) -> bool:
    """Whether a layer and a pooling behind it may be such that their order does not matter.

    It asks their classes; `pooled_first` asks again at each call, and what else counts.
    """
    return type(pool) is MaxPooling2D and type(first) in (*_WEIGHING, Activation, ReLU)


def pooled_first(first: Any, pool: Any, x: Any) -> Any:
    """pool(first(x)) of two layers that `commute`, the activation last where that is the same.

    A layer with a hook runs by itself, so that the hook sees what it always sees; so do layers that
    are compiled, or called on no tensor.
    """
    rectify = _rectifier(first) if commute(first, pool) else None
    if rectify is None or not (_unseen(first) and _unseen(pool)):
        return pool(first(x))
    if not first._is_ready_for(x):
        if not _can_be_made_ready(first, x):
            return pool(first(x))
        x = to_tensors(first, x)
        first._check_shapes(x)
    if type(first) in _WEIGHING:
        x = _told(first, first.preactivation, x)
    if not pool._is_ready_for(x):
        pool._check_shapes(x)
    relu = rectify is ops.relu
    y = _told(pool, lambda maps: max_pool_window(maps, pool._window, relu=relu), x)
    return y if relu else rectify(y)


def _rectifier(layer: Any) -> Rectify | None:
    """The rectifier that the layer applies last; None where it is another function, or none."""
    if type(layer) is not ReLU:
        return layer.activation if layer.activation in _RECTIFIERS else None
    if layer.threshold or layer.negative_slope:
        return None
    return {None: ops.relu, 6.0: ops.relu6}.get(layer.max_value)


def _unseen(layer: Layer) -> bool:
    """Whether the layer runs as its class says, and no hook looks on, there or on the way back."""
    if torch_module._has_any_global_hook() or layer._backward_hooks or layer._backward_pre_hooks:
        return False
    if is_replaced(layer):
        return False
    for hooks in (layer._forward_pre_hooks, layer._forward_hooks):
        for hook in hooks.values():
            if not getattr(hook, "looks_at_nothing", False):
                return False
    return True


def _can_be_made_ready(layer: Layer, x: Any) -> bool:
    known = isinstance(x, Tensor) and layer.built
    return known and not x.is_meta and not torch.compiler.is_compiling()


def _told(layer: Layer, run: Rectify, x: Tensor) -> Tensor:
    """What a run gives, between the hooks of a layer, which look at nothing."""
    for enter in layer._forward_pre_hooks.values():
        enter(layer, (x,))
    y = run(x)
    for leave in layer._forward_hooks.values():
        leave(layer, (x,), y)
    return y
