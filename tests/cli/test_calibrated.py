"""The calibration that a command uses: the one that is kept, or none."""

import dataclasses

import torch

from striate.cli.calibrated import calibration_there
from striate.plan import Machine
from striate.plan.calibration_file import write_calibration
from tests.plan.test_calibration_file import KEPT


def test_kept_or_not_wanted(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))
    assert calibration_there(wanted=False, recalibrate=True) is None
    kept = dataclasses.replace(KEPT, machine=Machine.here(torch.device("cpu")))
    write_calibration(kept)
    assert calibration_there(wanted=True, recalibrate=False) == kept
    assert capsys.readouterr() == ("", "")
