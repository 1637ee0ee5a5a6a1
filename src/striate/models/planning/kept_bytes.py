"""kept_bytes: what one layer keeps for its backward pass."""

from __future__ import annotations

from typing import Any

import torch

from ... import _check, structure
from ...errors import StriateError
from ...layers.base import Layer
from ...layers.mode import mode
from ...layers.shape_inference import map_shapes
from ...plan.recording import Recording
from ...plan.stand_ins import StandIns
from ...plan.tracing import Recorder
from ...train.precision import PRECISIONS, autocast
from ...train.step import device_of

__all__ = ["kept_bytes"]

_HERE = "layer"


def kept_bytes(layer: Layer, input_shape: Any, *, precision: str = "float32") -> int:
    """The bytes that a layer makes in training and keeps until its backward pass.

    Its input and its weights are not counted. Its output is counted where the layer itself needs
    it again; in a net it may be kept for the next layer, which the rows of `plan` tell. The layer
    is run on shapes alone and stays as it is.

    Args:
        layer: built; a model will do.
        input_shape: (n, h, w, c) with every size known; a list of such for several inputs.
        precision: "float32" or "bfloat16", as in `fit`.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: a size that is not known; an unknown precision.
        PlanError: the layer needs the numbers themselves.

    Example:
        >>> import striate
        >>> layer = striate.layers.Conv2D(8, 3, activation="relu")
        >>> layer.build((None, 6, 6, 3))
        >>> kept_bytes(layer, (2, 6, 6, 3)) == 2 * 4 * 4 * 8 * 4
        True
    """
    _check.choice("kept_bytes", "precision", precision, PRECISIONS[:2])
    layer._require_built("kept_bytes")
    if any(size is None for size in structure.leaves(input_shape)):
        _check.fail("kept_bytes", "input_shape", "hold no open size", input_shape)
    try:
        found = _recorded(layer, input_shape, precision)
    except StriateError:
        raise
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        _check.plan_fail(
            layer.place,
            "be able to run on shapes alone",
            f"{type(error).__name__}: {first}",
            "A layer that looks at the numbers themselves cannot be planned.",
        )
    about = zip(found.sizes, found.kinds, found.layers, strict=True)
    return sum(size for size, kind, where in about if (kind, where) == ("kept", _HERE))


def _recorded(layer: Layer, input_shape: Any, precision: str) -> Recording:
    made, device = StandIns(), device_of(layer)
    device = torch.device("cpu") if device.type == "meta" else device
    with made.inside(layer), mode(layer, True), made.mode, torch.device(device):
        x = map_shapes(lambda shape: torch.empty(shape, requires_grad=True), input_shape)
        recorder = Recorder(operations=made.operations)
        recorder.hold([*layer.parameters(), *layer.buffers()], "weights")
        recorder.hold(structure.leaves(x), "batch")
        hooks = recorder.watch(layer, _HERE)
        try:
            with recorder:
                _there_and_back(layer, x, autocast(precision, device))
        finally:
            for hook in hooks:
                hook.remove()
        return recorder.recording(carried=())


def _there_and_back(layer: Layer, x: Any, context: Any) -> None:
    """Runs a layer forward and backward; its outputs are held by nothing but itself."""
    with context:
        outputs = layer(x)
    total: Any = sum(leaf.sum() for leaf in structure.leaves(outputs))
    del outputs
    if total.requires_grad:
        total.backward()
