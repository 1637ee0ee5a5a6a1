"""The time of a step, of an epoch, and what a plan says of both."""

import dataclasses
import json

import pytest

from striate.errors import ArgumentError
from striate.plan import Plan, StepTime
from tests.plan.test_calibration import FOUND, LINE, check

TIMED = dataclasses.replace(FOUND, checks=(check(1.0, 0.8),))
PLAN = Plan(
    "net", (4,), "train", 2, "float32", "sgd", (), 0, 0, 0, {"train": LINE, "predict": LINE}
)


def test_a_plan_has_times_where_it_is_calibrated():
    assert PLAN.step_time() is None
    assert PLAN.to_json()["times"] is None
    timed = PLAN.timed(TIMED)
    parts = {"product": 18.0, "sum": 4.0, "dispatch": 1.0}
    assert timed.step_time() == StepTime(23.0, 0.25, 2, parts)
    assert timed.step_time("predict").seconds == 22.0
    assert timed.with_batch(3).step_time().seconds == 3 * (1 + 0.5 * 14) + 6 + 1
    found = json.loads(json.dumps(timed.to_json()))["times"]["train"]
    assert found == {
        "step_seconds": 23.0,
        "error": 0.25,
        "samples_per_second": 2 / 23,
        "by_kind": parts,
    }


@pytest.mark.parametrize(("samples", "steps"), [(1, 1), (8, 1), (9, 2), (60_000, 7_500)])
def test_epochs_are_whole_steps(samples, steps):
    assert StepTime(0.5, 0.1, 8, {}).epoch_seconds(samples) == steps * 0.5


def test_an_epoch_has_samples():
    with pytest.raises(ArgumentError, match="plan: `samples` must be a whole number of at least 1"):
        StepTime(0.5, 0.1, 8, {}).epoch_seconds(0)
