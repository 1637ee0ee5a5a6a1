"""The table of a plan, and two plans side by side."""

from dataclasses import replace

import pytest

from striate import architectures
from striate import models as plans
from striate.plan import compare, lines
from striate.plan.table import size_text
from tests.plan.test_calibration_file import KEPT
from tests.plan.test_plan import made


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (10**15, "1000.0 TB")],
)
def test_sizes(count, text):
    assert size_text(count) == text


def test_the_table_has_a_line_for_each_layer_and_the_peaks():
    found = lines(made())
    assert found[1].split() == ("c Conv2D 4 × 2 × 8 80 576 256 bytes 256 bytes 3 × 5".split())
    assert found[-1] == (
        "Peak to predict, batch 5: 115 bytes (forward in c): weights 100 bytes, kept 15 bytes; "
        "resident 10.0 MB"
    )
    assert "Parameters: 80 (80 trained)" in found
    assert "Multiply-adds: 576 a sample" in found


def test_what_is_not_known_is_said():
    row = replace(made().rows[0], multiply_adds=None, output_bytes=None, fields=None)
    found = lines(replace(made(), rows=(row,), multiply_adds=None))
    assert found[1].split()[-5:] == "80 ? ? 256 bytes".split()
    assert "Multiply-adds: not known" in found


def test_two_plans():
    other = replace(made().with_batch(10), net="other", parameters=160)
    found = [row.split() for row in compare(made(), other)]
    assert found[0] == ["net", "other"]
    assert found[1] == ["parameters", "80", "160", "×", "2.00"]
    assert found[2] == ["trained", "80", "80", "×", "1.00"]
    assert found[4] == ["batch", "5", "10", "×", "2.00"]
    assert found[5] == "peak to train 150 bytes 200 bytes × 1.33".split()
    assert len(found) == 7


def test_two_plans_of_which_one_knows_less():
    less = replace(made(), timelines={"predict": made().timelines["predict"]}, multiply_adds=None)
    found = compare(less, made())
    assert found[3].split() == "multiply-adds not known 576".split()
    assert found[5].split() == "peak to predict 115 bytes 115 bytes × 1.00".split()
    assert len(found) == 6


def test_two_plans_that_were_timed():
    plan = plans.plan(architectures.sketch("lenet5_modern"), 8, mode="predict").timed(KEPT)
    found = compare(plan, plan.with_batch(16))[-1].split()
    seconds = [each.step_time().seconds for each in (plan, plan.with_batch(16))]
    assert found[:3] == ["step", "to", "predict"]
    assert [float(found[3]), float(found[5])] == pytest.approx(seconds, rel=0.01)
    assert "step" not in compare(plan, made())[-1]
