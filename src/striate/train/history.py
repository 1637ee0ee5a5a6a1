"""History: what `fit` returns, the numbers of every epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._counted import counted

__all__ = ["History"]


class History:
    """The numbers of every epoch of a run.

    `history` maps each name (loss, accuracy, val_loss, …) to its value in each epoch; `epoch`
    lists the epochs' numbers, from 0; `params` says how the run was set up; `notes` says in
    sentences what was changed on the way, such as the parts of a batch.
    """

    def __init__(self, params: Mapping[str, Any] | None = None) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []
        self.params: dict[str, Any] = dict(params or {})
        self.notes: list[str] = []

    def add(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Adds the numbers of an epoch."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {values[-1]:.4f}" for name, values in self.history.items())
        return f"<History of {counted(len(self.epoch), 'epoch')}: {last}>"
