import pytest
import torch

from striate.books import LISTINGS, Listing

QUICK = [each for each in LISTINGS.values() if not each.trains]


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=lambda each: each.name)
def test_a_listing_says_what_it_shows_and_where_it_comes_from(listing):
    assert 20 < len(listing.title) < 100
    assert not listing.title.endswith(".")
    assert "chapter" in listing.book
    header = listing.code.split('"""')[1]
    assert f"\nText: {listing.name[:3]}" in header
    assert "\nChanged: " in header
    assert ("# slip" in listing.code) <= ("\nSlips: " in header or "keras.Layers" in listing.code)


@pytest.mark.parametrize("listing", QUICK, ids=lambda each: each.name)
def test_it_runs_as_it_stands(listing, capsys):
    done = listing.run()
    assert not any(name.startswith("_") and name[1] != "_" for name in done.names)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "")
    assert ("print(" in listing.code or "summary()" in listing.code) == bool(done.printed)


def test_each_run_begins_from_the_same_random_numbers_and_leaves_the_callers():
    listing = LISTINGS["003_1_convolution"]
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    first, second = (listing.run().names["kernels"] for _ in range(2))
    assert (first == second).all()
    assert torch.rand(1).equal(expected)


def test_names_are_the_listings_own():
    first, second = (LISTINGS["003_3_depth_pooling"].run().names["DepthPool"] for _ in range(2))
    assert first is not second


def test_a_listing_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        Listing("999_1_nothing").run()
