"""Which of two numbers is better."""

import math

import pytest

from striate.errors import ArgumentError
from striate.train.callbacks.monitor import Monitor


@pytest.mark.parametrize(
    ("name", "larger"),
    [
        ("val_loss", False),
        ("loss", False),
        ("val_mae", False),
        ("val_mse", False),
        ("accuracy", True),
        ("val_accuracy", True),
        ("val_sparse_top_k_categorical_accuracy", True),
        ("val_auc", True),
        ("precision", True),
        ("val_recall", True),
        ("mean_io_u", True),
        ("val_f1_score", True),
    ],
)
def test_auto_knows_what_is_better(name, larger):
    monitor = Monitor("X", name)
    assert monitor.improves(0.5)
    assert monitor.improves(0.6) is larger
    assert monitor.improves(0.4) is not larger


def test_a_mode_overrules():
    monitor = Monitor("X", "accuracy", "min")
    assert monitor.improves(0.5)
    assert not monitor.improves(0.6)


def test_a_small_improvement_counts_as_none():
    monitor = Monitor("X", "loss", min_delta=0.1)
    assert monitor.improves(1.0)
    assert not monitor.improves(0.95)
    assert monitor.improves(0.85)
    assert monitor.best == 0.85


def test_nan_is_never_better():
    monitor = Monitor("X", "loss")
    assert not monitor.improves(math.nan)
    assert monitor.improves(5.0)
    assert not monitor.improves(math.nan)


def test_a_number_that_is_not_logged():
    with pytest.raises(
        ArgumentError, match=r"X: `monitor` must name one of the logs.*There are: a"
    ):
        Monitor("X", "loss").read({"a": 1.0})


def test_a_loss_is_better_smaller_whatever_its_output_is_called():
    assert Monitor("X", "val_accessory_loss").sign == Monitor("X", "previous_loss").sign == -1.0
    assert Monitor("X", "accessory_accuracy").sign == 1.0
