"""calibrate: how long a machine takes for what nets are made of, measured once and kept."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import torch

from ...errors import DataError, StriateError
from ...plan.calibrating import calibrated
from ...plan.calibration import Calibration, Machine
from ...plan.calibration_file import read_calibration, write_calibration
from .reference_nets import reference_nets
from .reference_steps import reference_steps

__all__ = ["calibrate"]

_PRECISIONS = ("float32", "bfloat16")
_WORST_ERROR = 1.0


def calibrate(
    device: str | torch.device = "cpu",
    *,
    recalibrate: bool = False,
    say: Callable[[str], object] | None = None,
) -> Calibration:
    """What predicts times on this machine: measured within seconds once, then read from a file.

    It holds for this processor, as many threads, this version of PyTorch and this device. It stands
    in the cache, see `settings.cache_folder`. One whose error is more than 100 % is not kept.

    Args:
        device: that nets will run on. Default "cpu".
        recalibrate: whether to measure again, such as after a busy machine was measured.
        say: is told in a sentence what takes time or went wrong. Default None: the log "striate"
            gets them as warnings.
    """
    device, tell = torch.device(device), say or logging.getLogger("striate").warning
    found = None if recalibrate else _kept(device, tell)
    if found is not None:
        return found
    tell("Calibrating this machine once, for some 5 seconds …")
    _tell_of_others(tell)
    references = [
        step
        for net, samples in reference_nets()
        for precision in _PRECISIONS
        for step in reference_steps(net.to(device), (1, samples), precision=precision)
    ]
    found = calibrated(device, references)
    if found.error > _WORST_ERROR:
        tell(f"The calibration is not kept: its steps were off by up to {found.error:.0%}.")
        return found
    try:
        write_calibration(found)
    except StriateError as error:
        tell(f"The calibration was not kept. {error}")
    return found


def _kept(device: torch.device, tell: Callable[[str], object]) -> Calibration | None:
    try:
        return read_calibration(Machine.here(device))
    except DataError as error:
        tell(str(error))
        return None


def _tell_of_others(tell: Callable[[str], object]) -> None:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    cores = os.cpu_count() or 1
    if load > cores / 2:
        tell(
            f"Other programs keep this machine busy (load {load:.1f} on {cores} cores): times may "
            "come out too long. Calibrate again when it is idle."
        )
