from pathlib import Path

import pytest

from striate import ops
from striate.books import LISTINGS, REPLACEMENTS


@pytest.mark.parametrize("each", REPLACEMENTS.values(), ids=lambda each: each.theirs)
def test_our_name_is_there(each):
    assert each.theirs.startswith("tf.")
    if each.ours.startswith("ops."):
        assert hasattr(ops, each.ours.removeprefix("ops."))


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda each: each.name)
def test_a_listing_names_what_it_replaces(listing):
    for key in listing.replacements:
        ours = REPLACEMENTS[key].ours
        written = {"keras": "keras.", "(*a, *b)": "(*"}.get(ours, ours.removeprefix("x"))
        assert written in listing.code, key
    used = {f"ops.{name}" for name in ops.__all__ if f"ops.{name}(" in listing.code}
    named = {REPLACEMENTS[key].ours for key in listing.replacements}
    assert used <= named, "a call of ops that the listing does not name"


def test_the_table_is_printed_in_the_documentation():
    page = (Path(__file__).resolve().parents[2] / "docs" / "books.md").read_text(encoding="utf-8")
    for each in REPLACEMENTS.values():
        assert f"| `{each.theirs}` | `{each.ours}` | {each.note} |" in page
