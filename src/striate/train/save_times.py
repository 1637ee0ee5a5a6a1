"""When a run is saved: at the end of epochs, every so many steps, every so much time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .. import _check

__all__ = ["Every", "SaveTimes"]

Every = str | int | Sequence[str | int]
"""One rule or several: "epoch", a number of steps, or a time such as "60s"."""

_UNITS_S = {"s": 1.0, "min": 60.0, "h": 3600.0}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h)")


@dataclass(frozen=True)
class SaveTimes:
    """The rules by which a run is saved; each by itself is reason enough.

    Args:
        epochs: whether at the end of each epoch.
        steps: after so many steps since the last save; None for never.
        seconds: at the first step or epoch that ends so long after the last save; None for never.

    Example:
        >>> SaveTimes.read("epoch, 5min")
        SaveTimes(epochs=True, steps=None, seconds=300.0)
        >>> SaveTimes.read(100).is_due(steps=100, seconds=0.1, epoch_ended=False)
        True
    """

    epochs: bool = False
    steps: int | None = None
    seconds: float | None = None

    @classmethod
    def read(cls, every: Every, *, place: str = "Checkpoint", argument: str = "every") -> SaveTimes:
        """The rules in a text with commas, a number of steps, or a list of such.

        Args:
            every: "epoch"; a whole number of steps; "30s", "5min" or "1h"; several in a list, or
                in one text with commas.
            place, argument: for the message.

        Raises:
            ArgumentError: another word, or no rule at all.
        """
        given = every.split(",") if isinstance(every, str) else every
        rules = list(given) if isinstance(given, list | tuple) and given else [given]
        epochs, steps, seconds = False, [], []
        for rule in rules:
            text = rule.strip() if isinstance(rule, str) else rule
            found = _TIME.fullmatch(text) if isinstance(text, str) else None
            if text == "epoch":
                epochs = True
            elif found and float(found[1]) > 0:
                seconds.append(float(found[1]) * _UNITS_S[found[2]])
            elif isinstance(text, str) and text.isdecimal() and int(text) > 0:
                steps.append(int(text))
            elif isinstance(text, int) and not isinstance(text, bool) and text > 0:
                steps.append(text)
            else:
                fix = 'For example "epoch, 60s".'
                rule = 'be "epoch", a number of steps, or a time such as "60s" or "5min"'
                _check.fail(place, argument, rule, every, fix)
        return cls(epochs, min(steps, default=None), min(seconds, default=None))

    def is_due(self, *, steps: int, seconds: float, epoch_ended: bool) -> bool:
        """Whether it is time.

        Args:
            steps, seconds: since the last save, or since the run began.
            epoch_ended: whether an epoch has just ended.
        """
        if self.epochs and epoch_ended:
            return True
        late = self.seconds is not None and seconds >= self.seconds
        return late or (self.steps is not None and steps >= self.steps)
