import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from striate.io.step_folders import (
    HIGHEST,
    clear_leftovers,
    gone_name,
    standing_numbers,
    step_name,
    step_number,
)


@given(st.integers(0, HIGHEST))
def test_a_name_is_of_one_number(number):
    assert step_number(step_name(number)) == number


@given(st.integers(0, HIGHEST), st.integers(0, HIGHEST))
def test_names_sort_as_numbers_of_as_many_digits_do(one, two):
    first, second = step_name(one), step_name(two)
    assert (len(first), first) < (len(second), second) or one >= two


@pytest.mark.parametrize(
    "name",
    ["step-12", "step-00000000012", "step-000000001x", "step-0000000001 ", "Step-0000000001"],
)
def test_other_names_have_no_number(name):
    assert step_number(name) is None


def test_what_stands_and_what_is_left(tmp_path):
    assert standing_numbers(tmp_path / "none") == []
    clear_leftovers(tmp_path / "none")
    for name in (step_name(3), step_name(11), ".step-0000000011.old", ".step-0000000004.old"):
        (tmp_path / name).mkdir()
    for name in (".step-0000000012.new", gone_name(2), ".step-0000000001.other"):
        (tmp_path / name / "inside").mkdir(parents=True)
    (tmp_path / step_name(5)).write_bytes(b"a file")
    (tmp_path / step_name(6)).symlink_to(tmp_path / step_name(3))
    (tmp_path / ".LATEST.new").write_bytes(b"half")
    assert standing_numbers(tmp_path) == [11, 4, 3]
    clear_leftovers(tmp_path)
    assert sorted(os.listdir(tmp_path)) == [
        ".step-0000000001.other",
        *(step_name(number) for number in (3, 4, 5, 6, 11)),
    ]
    assert standing_numbers(tmp_path) == [11, 4, 3]
