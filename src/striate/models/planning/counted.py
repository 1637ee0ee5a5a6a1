"""Multiply-adds of a layer: by its formula, or of a run without numbers where it writes none."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from ...layers import Lambda
from ...layers.base import Layer
from ...layers.mode import mode
from ...layers.shape_inference import map_shapes
from ...plan.stand_ins import StandIns

__all__ = ["layer_multiply_adds"]


def layer_multiply_adds(layer: Layer, *shapes: Any) -> int | None:
    """The multiply-adds of one call of a layer in inference; None where they cannot be told.

    A layer of the user's that has only `call`, or holds others, and a function in a layer are run
    on shapes alone: products of matrices and convolutions are counted, for a net as for a layer.

    Args:
        layer: built.
        shapes: of its arguments, with the batch; a structure of shapes for one of tensors.

    Example:
        >>> import striate
        >>> square = striate.layers.Lambda(lambda x: x @ x.mT)
        >>> layer_multiply_adds(square, (2, 3, 5))
        90
    """
    if not _writes_no_formula(layer):
        found = layer.cost(shapes[0]).multiply_adds if shapes and shapes[0] else 0
        return found
    try:
        return _counted(layer, shapes)
    except Exception:  # what a user's code needs is not known
        return None


def _writes_no_formula(layer: Layer) -> bool:
    kind = type(layer)
    if kind.cost is not Layer.cost:
        return False
    has_only_call = kind.output_shape is Layer.output_shape
    return has_only_call or isinstance(layer, Lambda) or next(layer.children(), None) is not None


def _counted(layer: Layer, shapes: Any) -> int:
    made = StandIns()
    with made.inside(layer), mode(layer, False), torch.no_grad(), made.mode:
        inputs = [map_shapes(torch.empty, shape) for shape in shapes]
        with FlopCounterMode(display=False) as counter:
            layer(*inputs)
    return int(counter.get_total_flops()) // 2
