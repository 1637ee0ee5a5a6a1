"""Durations at the edges between their units."""

import pytest

from striate.tasks.run.durations import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 0 min"),
    ],
)
def test_units(seconds, text):
    assert duration(seconds) == text
