"""What a learning-rate schedule is: a rate for every number of finished steps."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["Schedule"]


class Schedule:
    """A learning rate that depends on the number of finished steps.

    A subclass writes `__call__(step)`; `step` is 0 at the first update of the weights.

    Example:
        >>> class Halving(Schedule):
        ...     def __call__(self, step):
        ...         return 0.1 / 2 ** (step // 100)
        >>> Halving()(250)
        0.025
    """

    def __call__(self, step: int) -> float:
        """The learning rate of the update that follows `step` finished ones."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, as numbers and lists that JSON can hold."""
        if not dataclasses.is_dataclass(self):
            return {}
        config = dataclasses.asdict(self)
        return {k: list(v) if isinstance(v, tuple) else v for k, v in config.items()}
