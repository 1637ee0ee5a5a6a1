"""A run of fit: every argument reaches it, and its settings are written down as they are."""

import inspect
import json
from dataclasses import fields

import numpy as np
import torch

import striate
from striate import layers
from striate.io.generations import Generations
from striate.models.fitting import fit
from striate.models.running import FitOptions
from striate.train import Checkpoint

OF_THE_FOLDER = {"self", "checkpoint", "resume", "on_diverge"}


def test_every_argument_of_fit_reaches_the_run():
    assert set(inspect.signature(fit).parameters) - OF_THE_FOLDER == {
        each.name for each in fields(FitOptions)
    }


def settings(folder, x, y, **options):
    torch.manual_seed(0)
    model = striate.Sequential([layers.Dense(2, "softmax", input_shape=(3,))])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, y, seed=1, verbose=0, checkpoint=Checkpoint(folder), **options)
    state = Generations(folder).newest().files["state.json"]
    return json.loads(state)["configuration"]


def test_the_settings_of_data_and_order_are_written_down(tmp_path):
    x, y = np.ones((10, 3), "float32"), np.arange(10) % 2
    found = settings(tmp_path / "a", x, y, batch_size=4, ema=0.5, validation_data=(x[:6], y[:6]))
    data = {"samples": 10, "steps_per_epoch": 3, "batch_size": 4, "shuffle": True, "order_seed": 1}
    assert {name: found["data"][name] for name in data} == data
    assert found["validation"]["samples"] == 6
    assert (found["ema"], found["jit"], found["initial_epoch"]) == (0.5, False, 0)
    assert len(found["graph"]) == len(found["data"]["first_batch"]) == 16
    weighted = settings(tmp_path / "b", x, y, batch_size=4, class_weight={1: 2.0})
    assert weighted["class_weight"] == {"1": 2.0}
    assert weighted["data"]["first_batch"] != found["data"]["first_batch"]


def test_an_iterable_is_known_by_its_steps_alone(tmp_path):
    batches = [(np.ones((2, 3), "float32"), np.array([0, 1]))] * 3
    for number, options in enumerate(({}, {"class_weight": {0: 2.0}})):
        data = settings(tmp_path / str(number), batches, None, **options)["data"]
        assert (data["steps_per_epoch"], data["samples"], data["first_batch"]) == (3, None, None)


def test_the_settings_are_the_same_twice(tmp_path):
    x, y = np.ones((6, 3), "float32"), np.arange(6) % 2
    first, second = (settings(tmp_path / str(n), x, y) for n in range(2))
    assert first == second
