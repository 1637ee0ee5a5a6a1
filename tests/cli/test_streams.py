"""Results to standard output, everything else to standard error."""

import json

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


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
def test_columns_stand_below_each_other(rows):
    lines = streams.columns(rows, right=[1])
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for line, row in zip(lines, rows, strict=True):
        assert line[: widths[0]].rstrip() == row[0]
        assert line[widths[0] + 2 :][: widths[1]].lstrip() == row[1]
        assert line[widths[0] + widths[1] + 4 :] == row[2]
