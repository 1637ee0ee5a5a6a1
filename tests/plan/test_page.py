"""The page of a plan: its numbers, a bar for each layer, and names that do no harm."""

import dataclasses
import re

import pytest

from striate.errors import WeightsError
from striate.plan import (
    Memory,
    Plan,
    Remedy,
    Report,
    Row,
    Storage,
    Timeline,
    report_page,
    write_page,
)
from striate.plan.report import CALCULATED, NOT_CALCULATED
from striate.windows import ReceptiveField
from tests.io.test_markup import parsed

HARM = "<script>alert(1)</script>"
SMALL, WIDE = ReceptiveField(3, 1, -1), ReceptiveField(5, 2, -2)
ALL = ReceptiveField(5, 2, -2, is_whole=True)
ROWS = (
    Row(HARM, "Conv2D", (4, 2, 8), 80, 576, 256, 250, (SMALL, SMALL)),
    Row("two", "Conv2D", (4, 2, 8), 80, None, None, 1_000, (SMALL, WIDE)),
    Row("three", "Pool", (4, 2, 8), 0, 0, 64, 0, (ALL, ALL)),
    Row("four", "Dense", (7,), 0, 0, 64, 0),
)
STORAGES = [
    Storage("weights", "", "step", 640, 0),
    Storage("kept", HARM, "forward", 0, 250),
    Storage("kept", "two", "forward", 0, 1_000),
]
LINES = {"train": Timeline(STORAGES, [1, 2, 3, -3, -2])}
PLAN = Plan("net", (4, 4, 1), "train", 4, "float32", "sgd", ROWS, 160, 160, None, LINES)
REMEDIES = [Remedy("half the batch", "batch_size=2", 3_140, 2_500)]


def bars(text):
    return [float(width) for width in re.findall(r"width:([\d.]+)%", text)]


def test_the_numbers_and_a_bar_for_each_layer():
    text = report_page(Report(PLAN, Memory(PLAN.resident_bytes, "as given")))
    words = parsed(text).text
    for part in (CALCULATED, NOT_CALCULATED, "Plan of net", "5.6 kB", "not known"):
        assert part in words
    assert "4largest batch to train" in words
    assert "memory 10.0 MB (as given)" in words
    assert bars(text) == [12.8, 100, 25, 100]  # weights, kept; then the two layers
    cells = parsed(text).text
    assert "3 × 5" in cells
    assert "whole" in cells


def test_remedies_beside_the_plan():
    text = report_page(Report(PLAN, remedies=REMEDIES))
    assert 55.7 in bars(text)  # 3140 of 5640
    assert "half the batchbatch_size=23.1 kB2.5 kB" in parsed(text).text


def test_great_numbers_are_in_millions():
    great = dataclasses.replace(PLAN, parameters=9_999_999, multiply_adds=15_470_264_320)
    words = parsed(report_page(Report(great))).text
    less = dataclasses.replace(PLAN, parameters=25_557_032)
    assert "25.6 Mparameters" in parsed(report_page(Report(less))).text
    assert "9,999,999parameters15,470 Mmultiply-adds a sample" in words


def test_another_beside_it():
    other = dataclasses.replace(PLAN, net="other", batch=8)
    assert "× 1.89" in parsed(report_page(Report(PLAN, against=other))).text


def test_a_layers_name_stays_text():
    text = report_page(Report(PLAN))
    assert "<script" not in text
    assert HARM in parsed(text).text


def test_a_page_is_not_replaced_unless_asked(tmp_path):
    write_page(Report(PLAN), tmp_path / "a.html")
    before = (tmp_path / "a.html").read_bytes()
    assert before.startswith(b"<!DOCTYPE html>")
    with pytest.raises(WeightsError, match="must not stand yet"):
        write_page(Report(PLAN), tmp_path / "a.html")
    write_page(Report(PLAN, remedies=REMEDIES), tmp_path / "a.html", overwrite=True)
    assert (tmp_path / "a.html").read_bytes() != before
