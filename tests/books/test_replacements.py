from pathlib import Path

import pytest
import torch

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


def test_arguments_may_stand_in_tensorflows_order():
    x, filters = torch.rand(1, 5, 5, 3), torch.rand(3, 3, 3, 2)
    four = (1, 2, 2, 1)
    named = {"strides": 2, "padding": "same"}
    box, one = [[0.0, 0.0, 0.5, 1.0]], [0]
    for by_place, by_name in (
        (ops.conv2d(x, filters, four, "same"), ops.conv2d(x, filters, **named)),
        (
            ops.depthwise_conv2d(x, filters, four, "same"),
            ops.depthwise_conv2d(x, filters, **named),
        ),
        (ops.max_pool(x, 3, 2, "same"), ops.max_pool(x, 3, **named)),
        (ops.avg_pool(x, 3, 2, "same"), ops.avg_pool(x, 3, **named)),
        (
            ops.local_response_normalization(x, 1, 2.0, 0.5, 0.75),
            ops.local_response_normalization(x, 1, bias=2.0, alpha=0.5, beta=0.75),
        ),
        (
            ops.crop_and_resize(x, box, one, (2, 2)),
            ops.crop_and_resize(x, box, box_indices=one, crop_size=(2, 2)),
        ),
    ):
        assert by_place.equal(by_name)
