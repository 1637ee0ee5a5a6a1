"""Amounts of memory as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.cli.memory_size import memory_size
from striate.errors import ArgumentError

UNITS = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "G": 10**9}
UNITS |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "gib": 2**30, "Gi": 2**30}


@given(st.integers(1, 10**4), st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_a_number_and_a_unit(number, unit, between):
    assert memory_size("plan", f"{number}{between}{unit}") == number * UNITS[unit]


def test_a_part_of_a_unit():
    assert memory_size("plan", "1.5GB") == 1_500_000_000
    assert memory_size("plan", ".5 MiB") == 2**19


@pytest.mark.parametrize(
    "text",
    ["", "GB", "8XB", "-8GB", "0", "0.1B", "8iB", "eight", "8GB8", "١", "9" * 400, "1000000TB"],
)
def test_what_is_no_amount(text):
    with pytest.raises(ArgumentError, match="plan: `memory` must be an amount of memory"):
        memory_size("plan", text)
