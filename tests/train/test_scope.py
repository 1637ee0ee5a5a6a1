"""The surroundings in which a run gives the same bits, and the one sentence when they differ."""

import json

import pytest
import torch

import striate
from striate.train.scope import outside_scope, scope_of

CPU = torch.device("cpu")


def test_the_scope_is_json_and_the_same_twice():
    scope = scope_of(CPU)
    assert json.loads(json.dumps(scope)) == scope == scope_of(CPU)
    assert scope["torch"] == torch.__version__
    assert scope["striate"] == striate.__version__
    assert outside_scope(scope, scope_of(CPU)) is None


def test_threads_number_type_and_switches_count():
    before = scope_of(CPU)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(threads + 1)
        torch.set_default_dtype(torch.float64)
        torch.use_deterministic_algorithms(True)
        after = scope_of(CPU)
    finally:
        torch.set_num_threads(threads)
        torch.set_default_dtype(torch.float32)
        torch.use_deterministic_algorithms(False)
    words = outside_scope(before, after)
    assert f"threads: {threads} → {threads + 1}" in words
    assert "dtype: float32 → float64" in words
    assert "deterministic: False → True" in words
    assert "the order of sums, so their last bits" in words


@pytest.mark.parametrize("name", ["torch", "build", "device", "capability"])
def test_another_machine_rounds_in_another_way(name):
    scope = scope_of(CPU)
    words = outside_scope({**scope, name: "other"}, scope)
    assert f"({name}: other → {scope[name]})" in words
    assert words.endswith("what may differ is the rounding of every operation.")


def test_what_a_later_version_adds_is_a_difference():
    words = outside_scope({"threads": 1}, {"threads": 1, "moon": "full"})
    assert "moon: None → full" in words
    assert words.endswith("what may differ is the results.")
