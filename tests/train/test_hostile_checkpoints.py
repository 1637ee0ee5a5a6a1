"""Hostile checkpoints under an audit hook: no code, no file outside, no socket, no crash."""

import pytest

from tests import audited
from tests.train.hostile_checkpoints import CASES

HOSTILE = [name for name, (_, words) in CASES.items() if words is not None]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return audited.results("tests.train.hostile_checkpoints", tmp_path_factory.mktemp("hostile"))


def test_there_are_enough():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_checkpoint_is_refused_and_nothing_happens(results, name):
    audited.require_refusal(results[name], CASES[name][1])


@pytest.mark.parametrize("name", [name for name, (_, words) in CASES.items() if words is None])
def test_an_odd_checkpoint_goes_on_and_nothing_happens(results, name):
    assert (results[name]["error"], results[name]["seen"]) == (None, [])
