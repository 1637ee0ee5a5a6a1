from striate.books import CLAIMS, LISTINGS

TEXTS = {"000", "001", "002", "003", "004"}


def test_a_claim_stands_in_a_listing_or_a_text():
    assert {where for where, _ in CLAIMS} <= TEXTS | set(LISTINGS)
    assert all(key == (claim.where, claim.what) for key, claim in CLAIMS.items())


def test_only_what_hangs_on_chance_has_a_range_and_needs_a_training():
    for claim in CLAIMS.values():
        assert (claim.between is not None) == claim.full
        if claim.between is not None:
            assert claim.between[0] <= claim.book <= claim.between[1]
            assert LISTINGS[claim.where].trains


def test_what_is_not_whole_has_a_tolerance_or_is_exact_by_nature():
    exact = {0.0, 0.5, 0.75, 1.0}
    for claim in CLAIMS.values():
        if isinstance(claim.book, float) and not claim.within and not claim.full:
            assert claim.book in exact, claim
