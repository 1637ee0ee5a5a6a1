"""The report of an import in lines."""

from striate.cli.import_report import report_lines
from striate.weights import WeightsReport


def test_each_kind_of_news_has_a_line():
    report = WeightsReport(
        matched={"a": "x"},
        missing={"b": ""},
        unlike={"c": ("float32 (1,)", "float32 (2,)")},
        unused=("d",),
        left_out=("epoch", "two\nlines"),
        reshaped={"a": ((1, 2), (2,))},
        source="timm",
        moved=0.123456,
    )
    assert report_lines(report, 1000) == [
        "1 tensor, 1,000 numbers",
        "names     timm",
        "reshaped  1: a (1, 2) -> (2,)",
        "missing  b",
        "unlike   c  float32 (1,), not float32 (2,)",
        "unused   d",
        r"left out  epoch, two\nlines",
        "moved     outputs by 0.12 of the largest, on a noise picture",
    ]


def test_many_that_were_reshaped_are_counted():
    shapes = {f"w{number}": ((1, 2), (2,)) for number in range(9)}
    report = WeightsReport(dict.fromkeys(shapes, "x"), {}, {}, (), (), shapes)
    assert report_lines(report, 18)[1].startswith("reshaped  9: w0 (1, 2) -> (2,); w1 ")
    assert report_lines(report, 18)[1].endswith("; w5 (1, 2) -> (2,) and 3 more")
