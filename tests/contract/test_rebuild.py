"""What is made again from its configuration is the same: layers, losses, metrics, optimizers."""

import json

import pytest
import torch
from tests.catalog import LAYERS
from tests.catalog.losses import LOSSES
from tests.catalog.metrics import METRICS
from tests.catalog.optimizers import OPTIMIZERS, SCHEDULES

from striate.layers.config import from_json, to_json


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_configuration_makes_the_same_layer(row):
    first = row.built()
    text = json.dumps(to_json(first), allow_nan=False)
    second = from_json(json.loads(text))
    assert type(second) is type(first)
    assert second.get_config() == first.get_config()
    assert json.dumps(to_json(second)) == text
    second.build(row.input_shape)
    second.set_weights(first.get_weights())
    assert list(second.state_dict()) == list(first.state_dict())
    assert torch.equal(second(row.inputs()), first(row.inputs()))


@pytest.mark.parametrize("row", LAYERS, ids=str)
def test_name_and_training_are_kept(row):
    layer = row.make()
    layer.trainable = False
    layer._name = "here"
    again = from_json(to_json(layer))
    assert again.name == "here"
    assert again.trainable is False


FUNCTIONS = {"FunctionLoss", "FunctionMetric"}  # a configuration names a function, holds none
SCORES = [row for row in (*LOSSES, *METRICS) if row.name not in FUNCTIONS]


@pytest.mark.parametrize("row", [*SCORES, *SCHEDULES], ids=str)
def test_configuration_makes_the_same_score_or_schedule(row):
    first = row.make()
    config = json.loads(json.dumps(first.get_config(), allow_nan=False))
    second = type(first)(**config)
    assert second.get_config() == first.get_config()
    assert repr(second) == repr(first)


@pytest.mark.parametrize("row", [row for row in OPTIMIZERS if row.case != "schedule"], ids=str)
def test_configuration_makes_the_same_optimizer(row):
    first = row.make()
    config = json.loads(json.dumps(first.get_config(), allow_nan=False))
    assert type(first)(**config).get_config() == first.get_config()
