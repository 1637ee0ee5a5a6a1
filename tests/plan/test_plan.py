"""What a plan says of other batches and modes, and as JSON."""

import json

import pytest

from striate.errors import ArgumentError
from striate.plan import Plan, Row, Storage, Timeline
from striate.windows import ReceptiveField, Window

FIELDS = (ReceptiveField(3, 1, -1), ReceptiveField(5, 2, -2))
WINDOWS = (Window(3, before=1, after=1), Window(5, 2, before=2, after=2))
ROW = Row("c", "Conv2D", (4, 2, 8), 80, 576, 256, 256, FIELDS, WINDOWS, (0, 1))


def line(each):
    weights = Storage("weights", "", "step", 100, 0)
    return Timeline([weights, Storage("kept", "c", "forward", 0, each)], [1, 2, -2])


def made(mode="train"):
    lines = {"train": line(10), "predict": line(3)}
    return Plan("net", (4, 4, 1), mode, 5, "float32", "sgd", (ROW,), 80, 80, 576, lines)


def test_peaks_and_batches():
    plan = made()
    assert (plan.peak_bytes, plan.peak("predict").total_bytes) == (150, 115)
    assert plan.with_batch(9).peak_bytes == 190
    assert plan.resident_bytes == plan.resident("train") == 10_000_000 + 112 + 64
    assert plan.resident("predict") == 10_000_000 + 112 + 32
    assert plan.largest_batch(plan.resident_bytes) == 5  # in grains of 16
    assert plan.largest_batch(plan.resident_bytes, mode="predict") == 18
    assert made("predict").largest_batch(100) == 0


def test_json_holds_all_but_the_timelines():
    found = json.loads(json.dumps(made().to_json()))
    assert found["peaks"]["train"] == {
        "total_bytes": 150,
        "resident_bytes": 10_000_176,
        "phase": "forward",
        "layer": "c",
        "by_kind": {"weights": 100, "kept": 50},
    }
    assert found["rows"][0]["receptive_field"][1] == {
        "size_px": 5,
        "stride_px": 2,
        "start_px": -2,
        "is_whole": False,
    }
    assert found["rows"][0]["padding"] == [[1, 1], [2, 2]]
    assert (found["batch"], found["input_shape"]) == (5, [4, 4, 1])


def test_words():
    with pytest.raises(ArgumentError, match='Plan: `mode` must be one of "train", "predict"'):
        made().peak("test")
    with pytest.raises(ArgumentError, match="Plan: `batch` must be a whole number"):
        made().with_batch(0)
