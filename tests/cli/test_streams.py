"""Results to standard output, everything else to standard error."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from striate.cli import streams

CELL = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


def test_each_stream_has_its_own(capsys):
    streams.say("a word")
    streams.print_json({"ä": 1})
    out, err = capsys.readouterr()
    assert json.loads(out) == {"ä": 1}
    assert err == "a word\n"
    assert streams.progress_console().stderr


@given(st.text())
def test_json_is_utf8_and_gives_the_text_back(text):
    written = streams.as_json([text])
    assert json.loads(written.encode("utf-8")) == [text]
    assert "\n" not in streams.as_json([text], indent=None)


@given(st.text())
def test_what_is_printed_is_one_line_without_controls(text):
    shown = streams.printable(text)
    assert len(f"x{shown}x".splitlines()) == 1
    assert shown.encode("utf-8").decode() == shown
    assert not re.search("[\x00-\x1f\x7f-\x9f]", shown)
    if text.isalnum():
        assert shown == text


def test_columns_can_be_wider():
    assert streams.columns([["a", "b"]], at_least=[3, 1]) == ["a    b"]


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
def test_columns_stand_below_each_other(rows):
    lines = streams.columns(rows, right=[1])
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for line, row in zip(lines, rows, strict=True):
        assert line[: widths[0]].rstrip() == row[0]
        assert line[widths[0] + 2 :][: widths[1]].lstrip() == row[1]
        assert line[widths[0] + widths[1] + 4 :] == row[2]


def test_cells_are_printable():
    assert streams.columns([["a", "b"], ["\x1b[2Jx\n", "y"]]) == [
        r"a           b",
        r"\x1b[2Jx\n  y",
    ]
