"""The plan of a run is that of the steps that it makes."""

import pytest

from striate.errors import DataError
from striate.models.planning.run_memory import run_memory
from striate.tasks.classify import plan_run, train
from striate.tasks.classify.fitting import compiled_net, training_batches
from striate.tasks.classify.resuming import config_of
from striate.tasks.options import TrainOptions
from striate.tasks.pictures.class_data import open_class_data
from striate.tasks.run.environment import best_device


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    runs = str(tmp_path_factory.mktemp("here") / "runs")
    words = {"ema": 0.9, "accumulate": 3, "batch_size": 60, "optimizer": "adamw"}
    return train("digits", runs=runs, epochs=1, precision="float32", **words).folder


def test_it_has_the_settings_of_the_run(run):
    net, plan = plan_run(run)
    config = config_of(run)
    data = open_class_data("digits", TrainOptions(data="digits"))
    twin = compiled_net(data, config, best_device())
    memory = run_memory(twin, training_batches(data, config), accumulate=3, ema=0.9)
    assert plan.peak_bytes == memory.tensor_bytes(60)
    assert (plan.batch, plan.optimizer, plan.accumulate, plan.ema) == (60, "adamw", 3, 0.9)
    assert plan.net == net.name


def test_what_is_said_wins(run):
    _, plan = plan_run(run, batch=6, precision="bfloat16", optimizer="sgd")
    assert (plan.batch, plan.precision, plan.optimizer) == (6, "bfloat16", "sgd")
    assert list(plan_run(run, mode="predict")[1].timelines) == ["predict"]


def test_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(DataError, match=r"must hold config\.toml"):
        plan_run(tmp_path)
