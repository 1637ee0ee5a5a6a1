"""The judge of hostile cases sees what it is there to see."""

import pytest

from tests import audited
from tests.audited_acts import ACTS, QUIET, SLOW


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return audited.results("tests.audited_acts", tmp_path_factory.mktemp("acts"))


@pytest.mark.parametrize("name", [*ACTS, *SLOW])
def test_what_must_not_happen_is_seen(results, name):
    assert bool(results[name]["seen"]) == (name in ACTS)
    with pytest.raises(AssertionError):
        audited.require_refusal(results[name], "refused")


@pytest.mark.parametrize("name", QUIET)
def test_what_may_happen_is_not(results, name):
    audited.require_refusal(results[name], "refused")


def test_other_words_are_seen(results):
    with pytest.raises(AssertionError):
        audited.require_refusal(results["lists"], "other")
