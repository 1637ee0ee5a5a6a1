"""What calibrating makes of steps whose time is known, and of a product that is measured."""

import time

import pytest
import torch

from striate.plan import Timeline, calibrating
from striate.plan.calibrating import Reference, calibrated
from striate.plan.operations import KINDS, Operation
from striate.plan.rates import seconds_of
from striate.plan.stopwatch import least_seconds

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    monkeypatch.setattr(calibrating, "_TRIALS_SECONDS", 0.0)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def step(net, operations, seconds, *, is_tiny=False):
    """A step of so many operations that takes so long."""

    def run():
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    nothing = (0, 0, 0, 0)
    line = Timeline((), (), 1, (Operation("", "", operations, nothing, nothing),))
    return Reference(net, "train", "float32", 1 if is_tiny else 8, line, run, is_tiny)


def test_steps_and_rates():
    tiny = [step("a", 10, 0.01, is_tiny=True), step("b", 5, 0.001, is_tiny=True)]
    tiny.append(step("c", 1, 0.02, is_tiny=True))
    steps = [step("a", 20, 0.03), step("b", 20, 0.04), step("c", 20, 0.01)]
    found = calibrated(CPU, [*tiny, *steps])
    assert found.machine.threads == 1
    assert found.dispatch_seconds == {"train": pytest.approx(0.001, rel=0.1)}
    assert found.factors == {"float32": pytest.approx(1.5, rel=0.1)}
    assert [check.net for check in found.checks] == ["a", "b", "c"]
    predicted = [check.predicted_seconds for check in found.checks]
    assert predicted == pytest.approx([0.025, 0.02, 0.035], rel=0.1)
    assert found.error == pytest.approx(2.5, rel=0.2)
    assert {kind for kind, _ in found.rates} == set(KINDS)
    assert 1e-11 < found.fresh_rate < 1e-8
    a = torch.ones(384, 384)
    [measured] = least_seconds([lambda: a @ a], CPU, budget_seconds=0.2)
    amounts = (384**3, a.nbytes, a.nbytes, a.nbytes)
    said = seconds_of(found.rates, "product", "float32", amounts)
    assert measured / 3 < said < 3 * measured
