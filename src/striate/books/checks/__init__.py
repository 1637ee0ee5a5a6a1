"""The checks, one topic a file: each finds its numbers here and sets them beside the texts'."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..row import Row
from ..session import Session
from . import (
    accuracy,
    convolution,
    costs,
    depth_pooling,
    dilation,
    line_filters,
    nets,
    normalization,
    pooling,
    pretrained,
    shifts,
    summaries,
    transfer,
    without_pooling,
)

__all__ = ["CHECKS", "TRAININGS"]

Check = Callable[[Session], Iterable[Row]]

CHECKS: tuple[Check, ...] = (
    summaries.summaries,
    without_pooling.without_pooling,
    convolution.convolution,
    costs.costs,
    pooling.pooling,
    shifts.shifts,
    depth_pooling.depth_pooling,
    nets.nets,
    pretrained.pretrained,
    line_filters.line_filters,
    normalization.normalization,
    dilation.dilation,
)
"""In the order in which they run; minutes are for TRAININGS."""

TRAININGS: tuple[Check, ...] = (accuracy.accuracy, transfer.transfer)
"""What `--full` adds."""
