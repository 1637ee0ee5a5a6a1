"""What a calibration says of a timeline, by hand."""

import dataclasses
import math

import pytest
import torch

from striate.plan import Calibration, Check, Machine, Storage, Timeline
from striate.plan.operations import Operation

MACHINE = Machine("a processor", 2, "2.13.0", "cpu")
FOUND = Calibration(
    MACHINE,
    {("product", "float32"): (1.0, 0.5, 0, 0, 0), ("elementwise", "float32"): (0, 0, 0.25, 0, 0)},
    2.0**-20,
    {"train": 0.125},
)
LINE = Timeline(
    (Storage("passing", "", "forward", 0, 2**21),),
    (1, -1),
    1,
    (
        Operation("product", "float32", 3, (2, 9, 9, 9), (4, 9, 9, 9)),
        Operation("sum", "float32", 1, (0, 0, 0, 0), (0, 8, 0, 0)),
        Operation("", "", 4, (0, 0, 0, 0), (0, 0, 0, 0)),
    ),
)


def check(predicted, measured, net="a"):
    return Check(net, "train", "float32", 8, predicted, measured)


def test_the_parts_of_a_step():
    found = FOUND.seconds(LINE, 2, mode="train", precision="float32")
    assert found == {"product": 3 * (1 + 0.5 * 10), "sum": 4.0, "dispatch": 1.0}
    assert FOUND.seconds(LINE, 2, mode="predict", precision="float32").keys() == {"product", "sum"}
    found = FOUND.seconds(LINE, 64, mode="train", precision="float32")
    assert found["fresh memory"] == 64 * 2


def test_a_step_in_parts_and_a_factor():
    in_parts = dataclasses.replace(LINE, parts=2)
    how = {"mode": "train", "precision": "float32"}
    assert FOUND.seconds(in_parts, 3, **how) == FOUND.seconds(LINE, 2, **how)
    longer = dataclasses.replace(FOUND, factors={"float32": 2.0})
    twice = {kind: 2 * seconds for kind, seconds in FOUND.seconds(LINE, 2, **how).items()}
    assert longer.seconds(LINE, 2, **how) == twice
    assert longer.seconds(LINE, 2, **how | {"precision": "bfloat16"}) == FOUND.seconds(
        LINE, 2, **how
    )


def test_the_error_is_the_largest():
    assert FOUND.error == math.inf
    found = dataclasses.replace(FOUND, checks=(check(1.1, 1.0), check(0.5, 1.0), check(1.0, 1.0)))
    assert found.error == pytest.approx(0.5)
    small = dataclasses.replace(FOUND, checks=(check(1.1, 1.0),))
    assert small.error == 0.25  # what other nets showed


def test_this_machine():
    here = Machine.here(torch.device("cpu"))
    assert here.processor
    assert here[1:] == (torch.get_num_threads(), torch.__version__, "cpu")
