"""A step for which memory may not suffice: it ends with what would fit, or goes on in parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .. import _check
from ..records import Batch
from .accumulation import first_samples
from .out_of_memory import attempt, largest_that_fits, refuse
from .rehearsal import rehearse, statistics_kept
from .step import StepResult, TrainStep

__all__ = ["ON_OOM", "MemoryGuard"]

ON_OOM = ("stop", "accumulate", "try")
"""What may be done where memory does not suffice; "try" is "stop", but asks no plan before."""

_KEPT_BY_OPTIMIZERS, _USED_BY_UPDATES = 2, 1


class MemoryGuard:
    """Calls a step, and answers for it where memory does not suffice.

    "stop" and "try" end the run by the error that names the largest batch that fits, which is found
    by trying: forward and backward without an update, beside as much memory as an update may need.
    "accumulate" makes the same step once more in twice the parts, again and again, until each part
    fits; the steps that follow keep these parts. The update is that of the whole batch but for
    rounding; only BatchNormalization sees the parts. An update that was begun is never made again.

    Args:
        step: trains on one batch; its `accumulate` grows.
        on_oom: one of `ON_OOM`.
        note: told in a sentence when parts become smaller.
        extras: of the run's state: where the number of parts is kept, for a run that goes on.

    Raises:
        ArgumentError: another word.
    """

    def __init__(
        self,
        step: TrainStep,
        *,
        on_oom: str = "stop",
        note: Callable[[str], object] = lambda sentence: None,
        extras: dict[str, Any] | None = None,
    ) -> None:
        self.step = step
        self._extras = {} if extras is None else extras
        self.accumulates = _check.choice("fit", "on_oom", on_oom, ON_OOM) == "accumulate"
        self._note = note

    def __call__(self, batch: Batch, *, epoch: int, step: int) -> StepResult:
        """Trains on one batch, as the step does.

        Raises:
            PlanError: memory does not suffice.
        """
        parts = max(self.step.accumulate, self._extras.get("accumulate", 1))
        self.step.accumulate = parts
        buffers = self.step.model.buffers() if self.accumulates else ()
        kept = [(buffer, buffer.clone()) for buffer in buffers]
        while True:
            result, words = attempt(lambda: self.step(batch, epoch=epoch, step=step))
            if result is not None:
                break
            self.step.optimizer.zero_grad(set_to_none=True)
            with torch.no_grad():
                for buffer, value in kept:
                    buffer.copy_(value)
            if not self.accumulates or self.step.updating or self.step.accumulate >= len(batch):
                self._refuse(batch, words, epoch, step)
            self.step.accumulate = min(len(batch), 2 * self.step.accumulate)
        if self.step.accumulate > parts:
            self._extras["accumulate"] = self.step.accumulate
            self._note(self._sentence(len(batch), epoch, step))
        return result

    def _sentence(self, count: int, epoch: int, number: int) -> str:
        parts = self.step.accumulate
        return (
            f"Memory did not suffice for {count} samples in epoch {epoch + 1}, step {number + 1}: "
            f"from here on each batch is computed in {parts} parts (accumulate={parts}). The "
            "update is that of the whole batch; only BatchNormalization sees the parts."
        )

    def _refuse(self, batch: Batch, words: str, epoch: int, number: int) -> None:
        count, parts = len(batch), self.step.accumulate
        fitting = largest_that_fits(lambda size: self._fits(batch, size, epoch, number), count)
        what = f"batches of {count}" + (f" in {parts} parts" if parts > 1 else "")
        where = f"epoch {epoch + 1}, step {number + 1}"
        fix = f"Use batch_size={fitting}."
        if fitting:
            needed = -(-count // fitting)
            fix = (
                f"Use batch_size={fitting}, or keep the batch and compute it in parts: "
                f'accumulate={needed}, or on_oom="accumulate", which finds that by itself.'
            )
        refuse("fit", what, f'"{words}" in {where}', fitting, fix)

    def _fits(self, batch: Batch, size: int, epoch: int, number: int) -> bool:
        """Whether so many samples pass at a time, beside what an update needs."""
        step = self.step
        parts, step.accumulate = step.accumulate, 1

        def rehearsal() -> None:
            room = self._room()
            with statistics_kept(step.model):
                part = step.prepared(first_samples(batch, size), epoch=epoch, step=number)
                rehearse(step, part, epoch=epoch, number=number)
            del room

        try:
            return not attempt(rehearsal)[1]
        finally:
            step.accumulate = parts

    def _room(self) -> list[torch.Tensor]:
        """As much memory as an update takes, and as an optimizer keeps that has not begun."""
        optimizer = self.step.optimizer
        copies = _USED_BY_UPDATES + (0 if optimizer.state else _KEPT_BY_OPTIMIZERS)
        weights = [p for group in optimizer.param_groups for p in group["params"]]
        return [torch.empty_like(weight) for weight in weights for _ in range(copies)]
