"""The line of a layer: fractions, sides that differ, whole maps."""

import re
from fractions import Fraction

from striate.cli.field_table import field_facts, field_lines
from striate.windows import ReceptiveField


def test_facts_and_lines():
    up = ReceptiveField(Fraction(5, 2), Fraction(1, 2), -1)
    tall, flat = ReceptiveField(3), ReceptiveField(1)
    whole = ReceptiveField(7, 32, -3, is_whole=True)
    pairs = {"up": (up, up), "tall": (tall, flat), "gate": (whole, whole)}
    rows = [field_facts(name, pair) for name, pair in pairs.items()]
    sizes = {"size_px": [2.5, 2.5], "stride_px": [0.5, 0.5], "start_px": [-1, -1]}
    assert rows[0] == {"layer": "up", **sizes, "is_whole": False}
    assert [re.split(" {2,}", line) for line in field_lines(rows)] == [
        ["layer", "size", "stride", "start"],
        ["up", "2.5", "0.5", "-1"],
        ["tall", "3 × 1", "1", "0"],
        ["gate", "all", "32", "-3"],
    ]
