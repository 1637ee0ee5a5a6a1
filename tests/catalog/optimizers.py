"""One row per public optimizer and schedule, and more where it has cases that differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from striate.optimizers import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop, schedules


@dataclass(frozen=True)
class MakerRow:
    """An optimizer or a schedule of the learning rate.

    Args:
        name: its public name.
        make: makes a new one.
        case: what is special about the row.
    """

    name: str
    make: Callable[[], Any]
    case: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.case}".rstrip()


SCHEDULES = [
    MakerRow("Constant", lambda: schedules.Constant(0.1)),
    MakerRow("CosineDecay", lambda: schedules.CosineDecay(0.1, 10)),
    MakerRow("ExponentialDecay", lambda: schedules.ExponentialDecay(0.1, 2, decay_rate=0.5)),
    MakerRow("InverseTimeDecay", lambda: schedules.InverseTimeDecay(0.1, 2, decay_rate=0.5)),
    MakerRow("OneCycle", lambda: schedules.OneCycle(0.1, 10)),
    MakerRow(
        "PiecewiseConstantDecay", lambda: schedules.PiecewiseConstantDecay([1, 4], [0.1, 0.05, 0.2])
    ),
]

OPTIMIZERS = [
    MakerRow("Adagrad", lambda: Adagrad(0.01)),
    MakerRow("Adam", lambda: Adam(0.01, amsgrad=True, clipnorm=0.5), "amsgrad clipped"),
    MakerRow("Adam", Adam),
    MakerRow("Adam", lambda: Adam(schedules.ExponentialDecay(0.1, 2, decay_rate=0.5)), "schedule"),
    MakerRow("AdamW", lambda: AdamW(0.01, global_clipnorm=0.5)),
    MakerRow("Nadam", lambda: Nadam(0.01, clipvalue=0.1)),
    MakerRow("RMSprop", lambda: RMSprop(0.01, momentum=0.5, centered=True)),
    MakerRow("SGD", SGD),
    MakerRow("SGD", lambda: SGD(0.01, 0.9, nesterov=True, weight_decay=0.1), "nesterov decay"),
]
