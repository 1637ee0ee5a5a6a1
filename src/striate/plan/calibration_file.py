"""Where a calibration is kept: one file for each machine and way to use it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

from .. import _check, settings
from ..io.damage import Damaged
from ..io.new_file import new_file
from ..io.strict_json import read_json
from .calibration import Calibration, Check, Machine

__all__ = ["calibration_path", "read_calibration", "write_calibration"]

_FORMAT = 1
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9.]+")


def calibration_path(machine: Machine) -> Path:
    """The file of a machine's calibration, in the folder of what can be made again.

    Example:
        >>> calibration_path(Machine("AMD EPYC", 2, "2.13.0+cpu", "cpu")).name
        'AMD-EPYC-2-2.13.0-cpu-cpu.json'
    """
    name = _NOT_IN_NAMES.sub("-", "-".join(map(str, machine)))
    return settings.cache_folder() / "calibrations" / f"{name[:200]}.json"


def write_calibration(calibration: Calibration) -> None:
    """Keeps a calibration in the place of an older one.

    Args:
        calibration: of any machine.

    Raises:
        WeightsError: the disk refuses.
    """
    found = {
        "format": _FORMAT,
        "machine": calibration.machine._asdict(),
        "rates": [[*key, *map(float, rates)] for key, rates in calibration.rates.items()],
        "fresh_rate": calibration.fresh_rate,
        "dispatch_seconds": dict(calibration.dispatch_seconds),
        "factors": dict(calibration.factors),
        "checks": [check._asdict() for check in calibration.checks],
    }
    with new_file(calibration_path(calibration.machine), overwrite=True) as path:
        path.write_text(json.dumps(found, indent=1), encoding="utf-8")


def read_calibration(machine: Machine) -> Calibration | None:
    """The calibration of a machine that was kept, or None.

    Args:
        machine: whose is wanted.

    Raises:
        DataError: what is there is none, or another's.
    """
    path = calibration_path(machine)
    try:
        found = _calibration_of(read_json(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        _fail(path, "be readable", error.strerror or str(error))
    except Damaged as reason:
        _fail(path, "hold a calibration", str(reason))
    except (KeyError, TypeError, ValueError, AttributeError):
        _fail(path, "hold a calibration of this version", "something else")
    if found.machine != machine:
        _fail(path, "be of this machine", "another's")
    return found


def _fail(path: Path, rule: str, got: str) -> NoReturn:
    _check.data_fail(f'File "{path}"', rule, got, "Calibrate again.")


def _calibration_of(found: Any) -> Calibration:
    _check.number("calibration", "format", found["format"], _FORMAT, _FORMAT)
    rates = {(str(kind), str(dtype)): _five(rest) for kind, dtype, *rest in found["rates"]}
    checks = tuple(Check(**each) for each in found["checks"])
    for each in checks:
        _seconds(each.predicted_seconds)
        _check.positive("calibration", "measured_seconds", each.measured_seconds)
    return Calibration(
        Machine(**found["machine"]),
        rates,
        _seconds(found["fresh_rate"]),
        {str(mode): _seconds(each) for mode, each in found["dispatch_seconds"].items()},
        {str(name): _seconds(each) for name, each in found["factors"].items()},
        checks,
    )


def _five(values: Any) -> tuple[float, ...]:
    first, *amounts = map(_seconds, values)
    a, b, c, d = amounts
    return first, a, b, c, d


def _seconds(value: Any) -> float:
    return _check.number("calibration", "seconds", value, 0)
