import pytest

from striate.books.checks.summaries import _key, _lines, summaries
from striate.books.session import Session


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("conv2d_3 (Conv2D) (None, 26, 26, 32) 320", "conv2d (Conv2D) (None, 26, 26, 32) 320"),
        ("max_pooling2d_1 (MaxPooling2 (None, 5) 0", "max_pooling2d (MaxPooling2D) (None, 5) 0"),
        ("input_1 (InputLayer) [(None, 2)] 0", "input_7 (InputLayer) [(None, 2)] 0"),
    ],
)
def test_counters_and_cut_names_do_not_count(theirs, ours):
    assert _key(theirs) == _key(ours) is not None


@pytest.mark.parametrize(
    "other",
    [
        "conv2d (Conv2D) (None, 26, 26, 32) 321",
        "conv2d (Conv2D) (None, 26, 26, 31) 320",
        "conv2d (Dense) (None, 26, 26, 32) 320",
        "dense (Conv2D) (None, 26, 26, 32) 320",
        "no such row",
    ],
)
def test_everything_else_does(other):
    assert _key(other) != _key("conv2d (Conv2D) (None, 26, 26, 32) 320")
    assert _key("Total params: 1,0") != _key("Trainable params: 1,0")


def test_lines_are_those_that_say_something():
    table = '"sequential"\n____\nLayer (type)   Output Shape\n a (B)  (None, 1)   0\n====\n'
    assert _lines(table) == ["a (B) (None, 1) 0"]


def test_a_row_too_many_or_too_few_is_not_ok(tmp_path, monkeypatch):
    table = ("conv2d (Conv2D) (None, 26, 26, 32) 320",)
    name = "001_2_without_pooling"
    monkeypatch.setattr("striate.books.checks.summaries.SUMMARIES", {name: (table, table)})
    rows = list(summaries(Session(tmp_path, say=print)))
    assert [row.ok for row in rows] == [True, False, False, False, False, False, False]
    assert rows[1].book == rows[-1].here == "no such row"
