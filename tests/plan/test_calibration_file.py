"""A calibration comes back as it was kept, and nothing else is taken for one."""

import dataclasses
import json

import pytest

from striate.errors import DataError, WeightsError
from striate.plan.calibration_file import calibration_path, read_calibration, write_calibration
from tests.plan.test_calibration import FOUND, MACHINE, check

KEPT = dataclasses.replace(FOUND, factors={"float32": 1.25}, checks=(check(1.0, 2.0),))


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("STRIATE_CACHE", str(tmp_path))


def test_there_and_back():
    assert read_calibration(MACHINE) is None
    write_calibration(FOUND)
    write_calibration(KEPT)
    found = read_calibration(MACHINE)
    assert found == KEPT
    assert dict(found.rates) == KEPT.rates
    assert found.factors == KEPT.factors


def test_each_machine_has_its_file(tmp_path):
    others = [("b", 2, "2.13.0", "cpu"), ("a processor", 1, "2.13.0", "cpu")]
    others += [("a processor", 2, "2.12.0", "cpu"), ("a processor", 2, "2.13.0", "H100 / 80")]
    machines = [MACHINE, *(type(MACHINE)(*other) for other in others)]
    paths = {calibration_path(machine) for machine in machines}
    assert len(paths) == 5
    assert {path.parent for path in paths} == {tmp_path / "calibrations"}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(format=2),
        lambda d: d.pop("rates"),
        lambda d: d["machine"].pop("device"),
        lambda d: d["machine"].update(speed=3),
        lambda d: d.update(checks=[3]),
        lambda d: d["rates"][0].pop(),
        lambda d: d["rates"][0].append(1),
        lambda d: d.update(fresh_rate=-1),
        lambda d: d["factors"].update(float32=True),
        lambda d: d["checks"][0].update(measured_seconds=0),
        lambda d: d["checks"][0].update(predicted_seconds="1"),
        lambda d: d.update(dispatch_seconds={"train": None}),
        lambda d: d.update(dispatch_seconds=[]),
    ],
)
def test_what_is_no_calibration(change):
    write_calibration(KEPT)
    path = calibration_path(MACHINE)
    text = json.loads(path.read_text())
    change(text)
    path.write_text(json.dumps(text))
    with pytest.raises(
        DataError, match=r'json": must hold a calibration of this version\. Got some'
    ):
        read_calibration(MACHINE)


def test_what_is_of_another_machine():
    write_calibration(KEPT)
    path = calibration_path(MACHINE)
    path.write_text(path.read_text().replace('"threads": 2', '"threads": 3'))
    with pytest.raises(DataError, match=r"must be of this machine\. Got another's\. Calibrate"):
        read_calibration(MACHINE)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"format": NaN}'])
def test_what_is_no_json_of_ours(text):
    write_calibration(KEPT)
    calibration_path(MACHINE).write_bytes(text)
    with pytest.raises(DataError, match=r'json": must hold a calibration\. Got '):
        read_calibration(MACHINE)


def test_a_folder_in_its_place():
    calibration_path(MACHINE).mkdir(parents=True)
    with pytest.raises(DataError, match=r"must be readable\. Got Is a directory\. Calibrate"):
        read_calibration(MACHINE)
    with pytest.raises(WeightsError, match="a link or a folder"):
        write_calibration(KEPT)
