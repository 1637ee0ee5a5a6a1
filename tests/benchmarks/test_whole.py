import json
import sys

import numpy as np
import pytest
from benchmarks.processes import Contender, ContenderFailed
from benchmarks.whole import whole
from benchmarks.whole_runs.book_recipe import MOST_EPOCHS, data, until_target


def test_a_run_ends_at_the_target_or_after_the_most_epochs(capsys):
    accuracies = iter([0.5, 0.985, 0.991, 0.1])
    until_target("mnist", lambda: next(accuracies))
    assert json.loads(capsys.readouterr().out) == {"accuracy": 0.991, "epochs": 3}
    until_target("mnist", lambda: 0.5)
    assert json.loads(capsys.readouterr().out) == {"accuracy": 0.5, "epochs": MOST_EPOCHS}


def test_the_second_book_standardises_over_what_it_learns_from(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (5_040, 4, 4, 1), dtype=np.uint8)
    y = np.zeros(5_040, np.uint8)
    np.savez(tmp_path / "p.npz", x=x, y=y, x_test=x[:8], y_test=y[:8])
    (found, labels), (test, _) = data("fashion_mnist", str(tmp_path / "p.npz"))
    assert found.shape == (40, 4, 4, 1)
    assert labels.dtype == np.int64
    np.testing.assert_allclose(found.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(found.std(0), 1, atol=1e-5)
    np.testing.assert_array_equal(test, found[:8])


def test_a_run_that_fails_says_why():
    missing = Contender("nobody", "whole_runs.nothing", sys.executable)
    with pytest.raises(ContenderFailed, match=r"nobody: ended with 1[\s\S]*whole_runs.nothing"):
        whole(missing, threads=1)
