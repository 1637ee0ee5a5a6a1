"""plan: what a model costs and needs, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ... import _check, optimizers
from ...plan.plan import MODES, Plan
from ...plan.row import Row
from ...plan.stand_ins import StandIns
from ...plan.timeline import Timeline
from ...records import Batch, Preprocess
from ...train.precision import PRECISIONS
from ..costs import multiply_adds
from ..network import Network
from ..summary import counts
from .memory_trace import prediction_timeline, training_timeline
from .plan_rows import plan_rows
from .planned_step import input_shapes, pictures_of, planned_step

__all__ = ["plan"]

_PIXELS = ("float32", "uint8")


def plan(
    model: Network,
    batch: int = 32,
    *,
    size: int | tuple[int, int] | None = None,
    mode: str = "train",
    precision: str = "float32",
    optimizer: str | torch.optim.Optimizer | None = None,
    accumulate: int = 1,
    pixels: str = "float32",
    ema: float | None = None,
    preprocess: Preprocess | None = None,
) -> Plan:
    """What a model costs layer by layer, and the memory that its runs need.

    The step of training, or of prediction, is run without numbers, and what it holds is added up.
    The model may be on the meta device, such as of `architectures.sketch`. A compiled model is
    planned with its losses and metrics; another with those of classes, or the squared error.

    Args:
        model: built.
        batch: samples a step. Default 32.
        size: height and width of the input, where the model leaves them open. Default None.
        mode: "train", which plans prediction too, or "predict".
        precision: "float32" or "bfloat16", as in `fit`.
        optimizer: a name, or an optimizer. Default None: the compiled one, or "rmsprop".
        accumulate: parts in which a batch passes, as in `fit`.
        pixels: "float32", or "uint8" for pictures as files give them.
        ema: decay of the average of the weights, as in `fit`. Default None: no average.
        preprocess: what the step applies to the images. Default None: nothing.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: a word or number out of its range; a size that the model does not have.
        ShapeError: the size is too small for a layer.
        PlanError: the model needs the numbers themselves.

    Example:
        >>> import striate
        >>> net = striate.Sequential([striate.layers.Dense(10, input_shape=(784,))])
        >>> found = plan(net, 100, mode="predict")
        >>> found.multiply_adds, found.parameters
        (7840, 7850)
    """
    _check.choice("plan", "mode", mode, MODES)
    _check.choice("plan", "precision", precision, PRECISIONS[:2])
    dtype = getattr(torch, _check.choice("plan", "pixels", pixels, _PIXELS))
    _check.positive_int("plan", "batch", batch)
    if optimizer is not None:
        optimizers.get(optimizer, place="plan")
    shapes = input_shapes(model, size)
    if size is not None:
        plan_rows(model, shapes)  # refuses pictures that are too small, in the layers' words
    pictures = pictures_of(model, shapes, dtype)
    how: dict[str, Any] = {"precision": precision, "preprocess": preprocess}
    timelines: dict[str, Timeline] = {}
    made = StandIns()
    name = ""
    if mode == "train":
        step, metrics, one = planned_step(model, pictures, optimizer, accumulate=accumulate, **how)
        name = type(step.optimizer).__name__.lower()
        timelines["train"] = training_timeline(step, one, metrics=metrics, decay=ema, made=made)
    timelines["predict"] = prediction_timeline(model, Batch(pictures), made=made, **how)
    rows = plan_rows(model, shapes, timelines[mode].kept_bytes())
    total, trainable = counts(model)
    listed = [shape[1:] for shape in shapes]
    return Plan(
        net=model.name,
        input_shape=listed[0] if len(listed) == 1 else tuple(listed),
        mode=mode,
        batch=batch,
        precision=precision,
        optimizer=name,
        rows=tuple(rows),
        parameters=total,
        trainable=trainable,
        multiply_adds=_multiply_adds(model, rows),
        timelines=timelines,
        accumulate=accumulate if mode == "train" else 1,
        pixels=pixels,
        ema=ema,
    )


def _multiply_adds(model: Network, rows: Sequence[Row]) -> int | None:
    """Of one sample; a net that no graph joins may call a layer more than once."""
    if model._graph is None:
        return multiply_adds(model)
    each = [row.multiply_adds for row in rows]
    return None if None in each else sum(count for count in each if count)
