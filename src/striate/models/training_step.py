"""The step that trains a compiled model."""

from __future__ import annotations

import torch

from .. import _check, optimizers
from ..train.captured import CapturedStep
from ..train.step import Augment, TrainStep
from .network import Network
from .preparing import Prepared

__all__ = ["training_step"]


def training_step(
    model: Network,
    ready: Prepared,
    *,
    seed: int = 0,
    jit: bool = False,
    capture: bool = False,
    accumulate: int = 1,
    augment: Augment | None = None,
    bind: bool = True,
) -> TrainStep:
    """The step that trains a compiled model.

    Args:
        model: built.
        ready: what the model and its data agree on.
        seed, jit, capture, accumulate, augment: as in `fit`.
        bind: whether the optimizer gets the model's parameters now.

    Raises:
        ArgumentError: no weight is trainable, the optimizer holds not all that are, or the step
            cannot be captured.
    """
    if not any(parameter.requires_grad for parameter in model.parameters()):
        fix = "Set trainable = True on the model or on one of its layers."
        _check.fail("fit", "model", "have a weight that is trainable", model.place, fix)
    kind = CapturedStep if _check.flag("fit", "capture", capture) else TrainStep
    return kind(
        model,
        ready.criterion,
        _optimizer(model, bind=bind),
        precision=ready.precision,
        preprocess=ready.preprocess,
        seed=seed,
        forward=torch.compile(model) if _check.flag("fit", "jit", jit) else None,
        accumulate=accumulate,
        augment=augment,
    )


def _optimizer(model: Network, *, bind: bool) -> torch.optim.Optimizer:
    optimizer: torch.optim.Optimizer = model.optimizer
    if isinstance(optimizer, optimizers.Optimizer):
        if bind or optimizer.bound:
            optimizer.bind(model.parameters())
        return optimizer
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        rule = "hold the model's parameters"
        fix = "Make it from model.parameters() of this model, after it is built."
        _check.fail("fit", "optimizer", rule, type(optimizer).__name__, fix)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    forgotten = [name for name, parameter in trained.items() if id(parameter) not in held]
    if forgotten:
        rule = "hold every trainable weight of the model"
        got = f"{type(optimizer).__name__} without {len(forgotten)} of {len(trained)}"
        fix = "Make it from model.parameters(), or set trainable = False on what shall not train."
        _check.fail("fit", "optimizer", rule, f"{got}, such as {forgotten[0]}", fix)
    return optimizer
