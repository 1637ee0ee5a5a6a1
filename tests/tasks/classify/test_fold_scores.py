"""Mean and interval of folds, against scipy's Student distribution."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from striate.tasks.classify.fold_scores import summary_of


@pytest.mark.parametrize("count", [2, 3, 5, 10, 20])
def test_the_interval_is_students(count):
    accuracies = (0.5 + 0.02 * np.random.default_rng(count).standard_normal(count)).tolist()
    found = summary_of(Path("runs"), [str(n) for n in range(count)], accuracies)
    expected = stats.t.interval(
        0.95, count - 1, loc=np.mean(accuracies), scale=stats.sem(accuracies)
    )
    assert found.interval == pytest.approx(np.clip(expected, 0, 1), abs=1e-4)
    assert found.mean + found.margin == pytest.approx(expected[1], abs=1e-4)


def test_no_accuracy_is_beyond_0_and_1():
    assert summary_of(Path("."), ["a", "b"], [0.2, 0.9]).interval == (0.0, 1.0)
