"""docs/training.md: its table has the options and flags that there are."""

import re
from dataclasses import fields
from pathlib import Path

from striate.tasks.options import TrainOptions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "training.md"
UNLISTED = {"data", "task"}


def lines():
    """The flags and the names in each line of the table."""
    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| flag | name |") :].split("\n\n", 1)[0]
    for line in table.splitlines()[2:]:
        _, flags, names, _ = line.split("|", 3)
        yield re.findall(r"`(.+?)`", flags), re.findall(r"`(.+?)`", names)


def test_the_table_has_every_option_once():
    written = [name for _, names in lines() for name in names]
    assert sorted(written) == sorted({each.name for each in fields(TrainOptions)} - UNLISTED)


def test_flags_stand_beside_their_options():
    known = {each.name: each.metadata["flag"] or "" for each in fields(TrainOptions)}
    for flags, names in lines():
        assert flags == [flag for name in names for flag in known[name].split("/") if flag], names
