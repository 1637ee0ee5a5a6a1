import pytest

from striate.books import Claim
from striate.books.row import shown


@pytest.mark.parametrize(
    ("claim", "here", "ok"),
    [
        (Claim("t", "w", 15_200), 15_200, True),
        (Claim("t", "w", 15_200), 15_201, False),
        (Claim("t", "w", (2, 3)), (2, 3), True),
        (Claim("t", "w", (2, 3)), (2, 4), False),
        (Claim("t", "w", 11.44, within=0.005), 11.4441, True),
        (Claim("t", "w", 11.44, within=0.005), 11.4451, False),
        (Claim("t", "w", (0.1, 0.2), within=0.01), (0.1, 0.205), True),
        (Claim("t", "w", (0.1, 0.2), within=0.01), (0.1, 0.22), False),
        (Claim("t", "w", 0.0, within=0.01), float("nan"), False),
        (Claim("t", "w", 0.978, between=(0.97, 0.983)), 0.97, True),
        (Claim("t", "w", 0.978, between=(0.97, 0.983)), 0.984, False),
        (Claim("t", "w", False), False, True),
        (Claim("t", "w", False), True, False),
    ],
)
def test_a_row_is_ok_by_its_rule(claim, here, ok):
    assert claim.row(here).ok is ok


def test_another_number_of_numbers_is_not_equal():
    with pytest.raises(ValueError, match="zip"):
        Claim("t", "w", (0.1, 0.2), within=0.01).row((0.1,))


def test_a_row_prints_number_words_and_rule():
    row = Claim("001", "errors", 0.68, "68 %", within=0.005).row(0.681)
    assert (row.listing, row.what, row.book, row.here) == ("001", "errors", "0.68: 68 %", "0.681")
    assert row.rule == "within 0.005"
    assert Claim("t", "w", 1, between=(0.5, 1)).rule == "0.5 to 1"
    assert Claim("t", "w", 1).rule == "equal"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (104_202, "104,202"),
        (True, "yes"),
        (0.5971759, "0.5971759"),
        ((7, 7), "(7, 7)"),
        ([32], "(32,)"),
        ("as it is", "as it is"),
    ],
)
def test_values_are_shown_as_people_write_them(value, text):
    assert shown(value) == text
