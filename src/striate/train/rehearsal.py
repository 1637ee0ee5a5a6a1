"""A step without its update: to find out, and to leave the run as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from ..records import Batch
from .step import TrainStep

__all__ = ["rehearse", "statistics_kept"]


@contextmanager
def statistics_kept(model: nn.Module) -> Iterator[None]:
    """Within it a model may run in training mode; its buffers are put back afterwards.

    Example:
        >>> norm = nn.BatchNorm1d(2)
        >>> with statistics_kept(norm):
        ...     _ = norm(torch.rand(4, 2))
        >>> norm.running_mean
        tensor([0., 0.])
    """
    kept = [(buffer, buffer.clone()) for buffer in model.buffers()]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, value in kept:
                buffer.copy_(value)


def rehearse(step: TrainStep, batch: Batch, *, epoch: int, number: int) -> None:
    """Forward and backward of a batch, in the parts of the step. No weight changes.

    Moving statistics are put back, and the gradients are dropped.

    Args:
        step: whose model is in training mode.
        batch: from the step's `prepared`.
        epoch, number: the place in the run, which keys the draws.
    """
    try:
        with statistics_kept(step.model):
            step.differentiate(batch, epoch=epoch, step=number)
    finally:
        step.optimizer.zero_grad(set_to_none=True)
