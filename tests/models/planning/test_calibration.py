"""This machine is calibrated once, and again where what was kept cannot be used."""

import math
import os

import pytest
import torch

from striate import layers, models
from striate.plan import Machine
from striate.plan.calibration_file import calibration_path


@pytest.fixture
def path(monkeypatch, tmp_path):
    """The file of this machine's calibration in an empty cache; one thread, that none disturbs."""
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path / "cache"))
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield calibration_path(Machine.here(torch.device("cpu")))
    torch.set_num_threads(before)


def test_a_damaged_file_is_made_anew_and_then_read(path, monkeypatch):
    path.parent.mkdir(parents=True)
    path.write_text('{"format": 1}')
    monkeypatch.setattr(os, "getloadavg", lambda: (99.0, 0.0, 0.0), raising=False)
    said = []
    found = models.calibrate(say=said.append)
    assert said[0].startswith(f'File "{path}": must hold a calibration of this version. Got ')
    assert said[1] == "Calibrating this machine once, for some 5 seconds …"
    assert said[2].startswith("Other programs keep this machine busy (load 99.0 on ")
    assert len(said) == 3
    assert models.calibrate(say=said.append) == found
    assert len(said) == 3
    nets = {"book_net", "residual_net", "depthwise_net", "wide_net"}
    assert {check.net for check in found.checks} == nets
    assert len(found.checks) == 16
    assert 0 < found.error < math.inf
    assert set(found.factors) == {"float32", "bfloat16"}
    net = models.Sequential([layers.Dense(4, input_shape=(8,))])
    times = models.plan(net, 64).timed(found)
    assert times.step_time().seconds > times.step_time("predict").seconds > 0


@pytest.mark.long
def test_a_cache_that_cannot_be_written(path, caplog):
    path.parent.parent.write_text("a file")
    found = models.calibrate(recalibrate=True)
    assert found.checks
    assert "The calibration was not kept." in caplog.text
