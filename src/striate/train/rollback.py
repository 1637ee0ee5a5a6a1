"""A run that diverges goes back to its last checkpoint, with a lower learning rate."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch

from .. import _check
from ..errors import DivergedError
from ..optimizers import Optimizer
from .run_state import RunParts

__all__ = ["Rollback", "put_back_rate"]

_FORM = re.compile(r"rollback:lr\*(\d+(?:\.\d*)?|\.\d+)")
_MOST = 3


class Rollback:
    """How often a run may go back, how often it has, and what the learning rate then is.

    Each time the rate is multiplied by the factor; a schedule goes on, all its rates lowered. What
    was done is kept in the run's state, so that a run which is killed and goes on later counts and
    computes the same.

    Args:
        factor: of the learning rate, above 0 and below 1.

    Example:
        >>> Rollback.read("rollback:lr*0.5").factor, Rollback.read("stop")
        (0.5, None)
    """

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._message = ""
        self._count, self._rate_factor = 0, 1.0
        self._notes: list[str] = []

    @classmethod
    def read(cls, on_diverge: str, *, place: str = "fit") -> Rollback | None:
        """What the word asks for; None for "stop".

        Raises:
            ArgumentError: another word, or a factor that does not lower the rate.
        """
        if on_diverge == "stop":
            return None
        found = _FORM.fullmatch(on_diverge) if isinstance(on_diverge, str) else None
        if not found or not 0 < float(found[1]) < 1:
            rule = 'be "stop", or "rollback:lr*" with a factor above 0 and below 1'
            fix = 'For example "rollback:lr*0.5".'
            _check.fail(place, "on_diverge", rule, on_diverge, fix)
        return cls(float(found[1]))

    @property
    def goes_back(self) -> bool:
        """Whether the run has diverged and was not put back yet."""
        return bool(self._message)

    def take(self, error: DivergedError) -> None:
        """Makes ready to go back.

        Raises:
            DivergedError: the run has gone back as often as it may.
        """
        if self._count >= _MOST:
            raise DivergedError(f"{error} The run had gone back {_MOST} times before.")
        self._message = str(error)

    def put_back(self, parts: RunParts, *, place: str, note: Callable[[str], object]) -> None:
        """Lowers the rate of a run that was put back to a checkpoint, if it has diverged.

        Args:
            parts: of the run, as they were saved.
            place: the checkpoint.
            note: told what was done.
        """
        saved = parts.extras.get("rate_factor", 1.0)
        self._count = max(self._count, parts.extras.get("rollbacks", 0))
        self._rate_factor = min(self._rate_factor, saved)
        if not self.goes_back:
            return
        self._count += 1
        self._rate_factor *= self.factor
        optimizer = parts.step.optimizer
        if not _has_schedule(optimizer):
            for group in optimizer.param_groups:
                group["lr"] *= self._rate_factor / saved
        parts.extras |= {"rollbacks": self._count, "rate_factor": self._rate_factor}
        put_back_rate(parts)
        kept = parts.extras.setdefault("notes", [])
        kept += [each for each in self._notes if each not in kept]
        self._notes.append(
            f"The run has diverged and goes back to {place}, with the learning rate times "
            f"{self._rate_factor:.6g} (time {self._count} of {_MOST}). {self._message}"
        )
        note(self._notes[-1])
        self._message = ""


def put_back_rate(parts: RunParts) -> None:
    """Gives a schedule the factor that the run's state holds; a rate that is a number has it."""
    optimizer: Any = parts.step.optimizer
    if isinstance(optimizer, Optimizer):
        scheduled = _has_schedule(optimizer)
        optimizer.rate_factor = parts.extras.get("rate_factor", 1.0) if scheduled else 1.0


def _has_schedule(optimizer: torch.optim.Optimizer) -> bool:
    return isinstance(optimizer, Optimizer) and optimizer.schedule is not None
