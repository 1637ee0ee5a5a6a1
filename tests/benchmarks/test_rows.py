from pathlib import Path

import pytest
from benchmarks.contenders import KERAS, STRIATE, TABLE, TUNED_COMPILED
from benchmarks.environments import Environments
from benchmarks.page import ORDER
from benchmarks.results import Measured
from benchmarks.rounds import Options
from benchmarks.rows import accuracy, growth, memory, prediction, training

FULL = {
    "rounds": 3, "seconds": 0.1, "threads": 1, "seed": 0, "seeds": 1, "photos": None,
    "scratch": Path(), "environments": Environments(Path()), "quick": False,
}  # fmt: skip


def options(*, without=(), cells=(), **more):
    return Options(**FULL | more, without=without, cells=cells)


def test_every_row_is_a_file_of_its_own():
    folder = Path(training.__file__).parent
    assert {path.stem for path in folder.glob("[a-z]*.py")} == set(ORDER)


def test_a_gate_is_judged_by_the_median_of_all():
    gates = {"a": "97.0%", "b": "96.0%", "c": "95.1%", "d": "93.9%", "e": ""}
    measured = [Measured(name, gate=gate) for name, gate in gates.items()]
    training.judge(measured, points=1.5)  # the median is 95.55
    assert [each.passed for each in measured] == [True, True, True, False, None]


def test_a_mean_over_the_seeds_is_held_against_the_target():
    measured = Measured("a", [1.0, 2.0])
    accuracy.judge(measured, [0.985, 0.995], 0.99)
    assert (measured.gate, measured.passed) == ("99.00%", True)
    accuracy.judge(measured, [0.985, 0.99], 0.99)
    assert measured.passed is False


def test_the_quick_mode_leaves_out_what_is_slow_unless_it_is_named():
    quick, named = options(quick=True), options(quick=True, cells=("F, batch",))
    slow = [case.name for case in training.CASES if case.slow]
    assert slow == ["S1, batch 256", "S2, batch 256", "F, batch 128"]
    assert not quick.asked("F, batch 128", slow=True)
    assert named.asked("F, batch 128", slow=True)
    assert not named.asked("S1, batch 64")
    assert options().asked("F, batch 128", slow=True)


def test_contenders_can_be_left_out():
    names = [STRIATE, TUNED_COMPILED]
    assert [each.name for each in options().contenders(names)] == names
    assert [each.name for each in options(quick=True).contenders(names)] == [STRIATE]
    assert [each.name for each in options(without=(STRIATE,)).contenders(names)] == [TUNED_COMPILED]


@pytest.mark.parametrize("row", [training, prediction, memory, growth])
def test_contenders_of_rows_stand_in_the_table(row):
    assert set(row.CONTENDERS) <= set(TABLE)


def test_the_targets_are_asked():
    wanted = {
        (t.cell, t.ours, tuple(t.peers)): t.at_least for t in training.targets(training.CASES[0])
    }
    assert wanted["S1, batch 64", STRIATE, KERAS] == 2.5
    keras = {t.peers[0]: t.at_least for t in prediction.targets()[:3]}
    assert keras == {"Keras TensorFlow": 30, "Keras JAX": 3, "Keras PyTorch": 15}


def test_memory_is_held_against_that_of_the_same_number_type():
    for ours, peers in memory.PEERS.items():
        assert all(("bf16" in ours) == ("bf16" in peer) for peer in peers)


def test_what_was_left_out_is_said():
    assert options().limits() == {}
    said = options(quick=True, without=(STRIATE,), cells=("F,",)).limits()
    assert said == {"without": "striate", "cells": "F,", "quick": "yes"}
