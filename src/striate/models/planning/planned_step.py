"""The step that a plan is made for: the compiled one, or the one that the outputs suggest."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ... import _check, optimizers, structure
from ...errors import StriateError
from ...layers.shape_inference import map_shapes
from ...plan.stand_ins import StandIns
from ...records import Batch, Preprocess
from ...shapes import MOST_SIDE_PX, Shape
from ...train.step import TrainStep, device_of
from ...train.totals import OutputMetrics
from ..compiling import Compiled
from ..ends import ModelEnds, ends_of
from ..network import Network

__all__ = ["input_shapes", "pictures_of", "planned_step"]

_OPTIMIZER = "rmsprop"
_CLASSES, _NUMBERS = "sparse_categorical_crossentropy", "mean_squared_error"


def input_shapes(
    model: Network, size: int | tuple[int, int] | None = None, *, place: str = "plan"
) -> list[Shape]:
    """The shape of each input with one sample, open heights and widths filled in.

    Args:
        model: built.
        size: height and width. Default None: the model's own.
        place: for the messages.

    Raises:
        NotBuiltError: the input shape is not known yet.
        ArgumentError: a size that is missing, or not the model's.
    """
    model._require_built(place)
    shapes: list[Shape] = []
    map_shapes(shapes.append, _declared(model))
    wanted = None if size is None else _check.pair(place, "size", size)
    if wanted is not None and max(wanted) > MOST_SIDE_PX:
        _check.fail(place, "size", f"be at most {MOST_SIDE_PX} pixels", size)
    return [(1, *_filled(place, shape[1:], wanted)) for shape in shapes]


def _declared(model: Network) -> Any:
    """The shapes of the inputs, with open sizes, in the structure of the model's inputs."""
    if model._graph is not None:
        return structure.map_leaves(lambda tensor: tensor.shape, model._graph.inputs)
    return model.built_for or model.layers[0].built_for


def _filled(place: str, shape: Shape, size: tuple[int, int] | None) -> Shape:
    if len(shape) != 3:
        return shape
    if size is None and None in shape:
        fix = "The model leaves height and width open: give size=224, or size=(224, 160)."
        _check.fail(place, "size", "be given", None, fix)
    fits = all(own in (None, given) for own, given in zip(shape, size or (), strict=False))
    if size is not None and not fits:
        rule = f"be the model's own, {shape[0]} × {shape[1]}"
        fix = "Build the model for the other size."
        _check.fail(place, "size", rule, size, fix)
    return shape if size is None else (*size, shape[2])


def pictures_of(model: Network, shapes: Sequence[Shape], dtype: torch.dtype) -> Any:
    """One sample of the inputs, in the structure of the model's, where the model is.

    All its numbers are one zero, so that the largest picture takes no memory.
    """
    zero = torch.zeros((), dtype=dtype, device=device_of(model))
    made = iter([zero.expand(shape) for shape in shapes])
    return map_shapes(lambda _: next(made), _declared(model))


def planned_step(
    model: Network,
    pictures: Any,
    optimizer: str | torch.optim.Optimizer | None = None,
    *,
    precision: str = "float32",
    preprocess: Preprocess | None = None,
    accumulate: int = 1,
) -> tuple[TrainStep, OutputMetrics, Batch]:
    """A step of training, its metrics, and a batch of one sample for it.

    Args:
        model: built.
        pictures: from `pictures_of`.
        optimizer: a name or an optimizer. Default None: the compiled one, or "rmsprop".
        precision, preprocess, accumulate: as in `TrainStep`.

    Raises:
        ArgumentError: no weight is trainable; a word or number out of its range.
    """
    if not any(parameter.requires_grad for parameter in model.parameters()):
        fix = 'Set trainable = True on one of its layers, or plan mode="predict".'
        _check.fail("plan", "model", "have a weight that is trainable", model.place, fix)
    ends = _ends(model, pictures)
    shapes = _known(model, ends, pictures)
    compiled = getattr(model, "compiled", None) or _suggested(shapes)
    criterion = compiled.criterion(ends.names, ends.auxiliary)
    metrics = compiled.output_metrics(ends.names, ends.shapes)
    targets = [
        _target(loss, shape, device_of(model))
        for loss, shape in zip(criterion.losses, shapes, strict=False)
    ]
    step = TrainStep(
        model,
        criterion,
        _bound(model, optimizer),
        precision=precision,
        preprocess=preprocess,
        accumulate=accumulate,
    )
    ids = torch.zeros(1, dtype=torch.int64, device=device_of(model))
    given = targets[0] if len(targets) == 1 else targets
    return step, metrics, Batch(pictures, given, None, ids)


def _ends(model: Network, pictures: Any) -> ModelEnds:
    if model._graph is not None:
        return ends_of(model, Batch(pictures))
    made = StandIns()
    with made.inside(model), made.mode:
        stand_ins = structure.map_leaves(lambda t: torch.empty(t.shape, dtype=t.dtype), pictures)
        return ends_of(model, Batch(stand_ins))


def _known(model: Network, ends: ModelEnds, pictures: Any) -> list[Shape]:
    """The shapes of the outputs for one sample, with no open size."""
    if not any(size is None for shape in ends.shapes for size in shape[1:]):
        return [(1, *shape[1:]) for shape in ends.shapes]
    shapes = structure.map_leaves(lambda leaf: tuple(leaf.shape), pictures)
    found = model.output_shape(shapes)
    several = isinstance(found, dict) or not isinstance(next(iter(found), None), int | None)
    parts = list(found.values()) if isinstance(found, dict) else list(found)
    return [(1, *shape[1:]) for shape in (parts if several else [found])]


def _suggested(shapes: Sequence[Shape]) -> Compiled:
    """Losses by the shapes of the outputs: classes for a row of numbers, else squared errors."""
    classes = [len(shape) == 2 and shape[-1] > 1 for shape in shapes]
    losses: Any = [_CLASSES if known else _NUMBERS for known in classes]
    return Compiled(losses, ["accuracy"] if all(classes) else None, None)


def _target(loss: Any, shape: Shape, device: torch.device) -> Tensor:
    """One sample of what a loss compares an output of this shape with."""
    whole = torch.zeros(shape)
    try:
        if loss is not None:
            loss.check_targets(whole, (None, *shape[1:]))
    except StriateError:
        whole = torch.zeros(shape[:-1], dtype=torch.int64)
    return whole.to(device)


def _bound(model: Network, optimizer: str | torch.optim.Optimizer | None) -> torch.optim.Optimizer:
    """An optimizer that holds the model's parameters; the given one is left as it is."""
    given = optimizer or getattr(model, "optimizer", None) or _OPTIMIZER
    found = optimizers.get(given)
    if isinstance(found, optimizers.Optimizer) and not found.bound:
        found = copy.deepcopy(found)
        found.bind(model.parameters())
    return found
