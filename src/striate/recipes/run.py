"""Run: what a recipe returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..models import Model
from ..train.history import History

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """A complete run: the trained model and how it did.

    Args:
        model: in inference mode.
        history: the numbers of every epoch.
        scores: on the test pictures, by name: loss, and accuracy as a part of 1.
        seconds: of training, wall time.
    """

    model: Model
    history: History
    scores: Mapping[str, float]
    seconds: float
