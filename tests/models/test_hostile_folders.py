"""Over 200 hostile model folders under an audit hook: no code, no file outside, no socket."""

import pytest

from tests import audited
from tests.models.hostile_folders import CASES

HOSTILE = [name for name, (_, words) in CASES.items() if words is not None]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return audited.results("tests.models.hostile_folders", tmp_path_factory.mktemp("hostile"))


def test_there_are_enough():
    assert len(HOSTILE) >= 200


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_folder_is_refused_and_nothing_happens(results, name):
    audited.require_refusal(results[name], CASES[name][1])
    assert "\n" not in results[name]["words"]


@pytest.mark.parametrize("name", [name for name, (_, words) in CASES.items() if words is None])
def test_an_odd_folder_loads_and_nothing_happens(results, name):
    assert (results[name]["error"], results[name]["seen"]) == (None, [])
