"""A layer made again from its configuration is the same layer, and takes the same weights."""

import json

import pytest
import torch
from tests.catalog import LAYERS

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
