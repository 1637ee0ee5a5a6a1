"""Hostile files under an audit hook, good ones in every kind of number."""

import pytest

from tests import audited
from tests.io.foreign.hostile_files import CASES


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    found = audited.results("tests.io.foreign.hostile_files", folder)
    assert not (folder / "touched").exists()
    return found


def test_there_are_enough():
    assert len(CASES) >= 60


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_refused_and_nothing_happens(results, name):
    audited.require_refusal(results[name], CASES[name][1])
