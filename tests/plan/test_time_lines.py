"""Times as words: never a number without its error."""

import pytest

from striate.plan import Memory, Report
from striate.plan.time_lines import duration_text, source_of_times, time_lines
from tests.plan.test_step_time import PLAN, TIMED

LINES = [
    "Time to train, batch 2: 23 s a step ± 25%, 0 samples a second; product 78%, sum 17%, "
    "dispatch 4%",
    "Time to predict, batch 2: 22 s a step ± 25%, 0 samples a second; product 82%, sum 18%",
]
SOURCE = (
    "Times are predicted, by a calibration of a processor, 2 threads, torch 2.13.0. ± is the "
    "largest error in 1 steps of 1 nets that were measured there, or 25 %. Reading the pictures is "
    "not in it."
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4e-5, "0.04 ms"),
        (0.0021, "2.1 ms"),
        (0.9994, "999 ms"),
        (1.742, "1.7 s"),
        (119.0, "119 s"),
        (121.0, "2 min"),
        (7199, "120 min"),
        (36_000, "10 h"),
        (3_600_000, "1000 h"),
    ],
)
def test_durations(seconds, text):
    assert duration_text(seconds) == text


def test_lines_and_their_source():
    assert time_lines(PLAN) == []
    assert time_lines(PLAN.timed(TIMED)) == LINES
    assert source_of_times(TIMED) == SOURCE
    [first, _] = time_lines(PLAN.timed(TIMED), 101, named=True)
    assert first.startswith("Time to train of net, batch 2: 23 s a step ± 25%, ")
    assert "20 min an epoch of 101; " in first


def test_a_report_tells_times():
    plan = PLAN.timed(TIMED)
    found = Report(plan, Memory(10, "as given")).lines()
    assert [line for line in found if line.startswith("Time")] == [*LINES, SOURCE]
    assert found[-1] == SOURCE
    assert not [line for line in Report(PLAN).lines() if line.startswith("Time")]
    both = Report(plan, against=plan, samples=4)
    assert sum("Time to train of net" in line for line in both.lines()) == 2
    json = both.to_json()
    assert json["samples"] == 4
    assert json["times"]["train"]["epoch_seconds"] == 46.0
    assert json["against"]["times"]["predict"]["epoch_seconds"] == 44.0
    assert Report(plan).to_json()["times"]["train"]["epoch_seconds"] is None
