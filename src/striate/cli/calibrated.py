"""The calibration of this machine for a command: read, or made aloud."""

from __future__ import annotations

from typing import Any

import striate
from striate.cli.streams import say

__all__ = ["calibration_there"]


def calibration_there(*, wanted: bool, recalibrate: bool) -> Any:
    """What predicts times as `striate train` would take them; None where they are not wanted.

    Args:
        wanted: whether times are predicted.
        recalibrate: whether the machine is measured again.
    """
    if not wanted:
        return None
    striate.train.keep_memory()
    return striate.models.calibrate(recalibrate=recalibrate, say=say)
