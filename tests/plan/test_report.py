"""A report says whether a plan fits, what fits, and what it does not know."""

import dataclasses
import json

import pytest

from striate.errors import ArgumentError
from striate.plan import Memory, Plan, Remedy, Report, Row, Storage, Timeline, remedy_lines
from striate.plan.report import CALCULATED, NOT_CALCULATED
from tests.plan.test_calibration_file import KEPT


def line(each):
    weights = Storage("weights", "", "step", 100, 0)
    return Timeline([weights, Storage("kept", "c", "forward", 0, each)], [1, 2, -2])


ROW = Row("c", "Conv2D", (4, 2, 8), 80, 576, 256, 256)
LINES = {"train": line(10), "predict": line(3)}
PLAN = Plan("net", (4, 4, 1), "train", 5, "float32", "sgd", (ROW,), 80, 80, 576, LINES)
OTHER = dataclasses.replace(PLAN, net="other", batch=20, input_shape=((4, 4, 1), (3,)))


def test_what_fits():
    assert Report(PLAN).fits is None
    assert Report(PLAN).largest_batches() == {}
    room = PLAN.resident_bytes
    assert Report(PLAN, Memory(room, "")).fits is True
    assert Report(PLAN, Memory(room - 1, "")).fits is False
    assert Report(PLAN, Memory(room, "")).largest_batches() == {"train": 5, "predict": 18}


@pytest.mark.parametrize("samples", [0, -5, 2.5])
def test_an_epoch_has_samples(samples):
    with pytest.raises(ArgumentError, match=r"plan: `samples` must be a whole number of at least"):
        Report(PLAN, samples=samples)


def test_times_are_told_of_both_plans():
    timed = Report(PLAN, against=OTHER).timed(KEPT)
    assert timed.plan.calibration is timed.against.calibration is KEPT
    assert Report(PLAN).timed(KEPT).against is None


def test_the_lines():
    found = Report(PLAN, Memory(102, "as given")).lines()
    assert found[0] == "net: input 4 × 4 × 1, batch 5, float32, sgd"
    assert found[-6:] == [
        "Layers that hold most at the peak to train: c 50 bytes",
        "Memory: 102 bytes (as given)",
        "Batch 5 does not fit; largest that fits: not even 1 to train, not even 1 to predict",
        "",
        CALCULATED,
        NOT_CALCULATED,
    ]
    assert "Use --memory 8GB." in Report(PLAN).lines()[-4]


def test_two_plans():
    found = Report(PLAN, Memory(10_000_208, "as given"), against=OTHER).lines()
    assert found[1] == "other: input 4 × 4 × 1 and 3, batch 20, float32, sgd"
    assert any(row.split() == "peak to train 150 bytes 300 bytes × 2.00".split() for row in found)
    assert found[-5:-3] == [
        "Batch 5 of net fits; largest that fits: 8 to train, 29 to predict",
        "Batch 20 of other does not fit; largest that fits: 8 to train, 29 to predict",
    ]


def test_json_holds_everything():
    remedy = Remedy("half the batch", "batch_size=2", 120, 30)
    report = Report(PLAN, Memory(10_000_208, "as given"), (remedy,), OTHER)
    found = json.loads(json.dumps(report.to_json()))
    assert found["memory"] == {"bytes": 10_000_208, "source": "as given"}
    assert (found["fits"], found["largest_batches"]) == (True, {"train": 8, "predict": 29})
    assert found["peaks"]["train"]["by_layer"] == {"c": 50}
    assert found["remedies"][0]["saved_bytes"] == 30
    assert found["against"]["net"] == "other"
    assert found["against"]["largest_batches"]["train"] == 8
    assert found["not_calculated"] == NOT_CALCULATED
    found = json.loads(json.dumps(Report(PLAN).to_json()))
    assert [found[name] for name in ("memory", "fits", "remedies", "against")] == [None] * 4


def test_a_remedy_may_cost():
    rows = remedy_lines([Remedy("a", "b", 2_000, -1_500)])
    assert rows[1].split() == ["a", "b", "2.0", "kB", "-1.5", "kB"]
