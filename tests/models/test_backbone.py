"""Backbone: named stages of a net, and what its end may be."""

import numpy as np
import pytest
import torch

import striate
from striate.errors import ArgumentError
from striate.layers import Conv2D, Dense, GlobalAveragePooling2D
from striate.models import Backbone
from striate.models.backbone import flattened, pooled


def net():
    x = inputs = striate.Input((16, 16, 3))
    stages = {}
    for name, filters in (("fine", 4), ("coarse", 8)):
        x = stages[name] = Conv2D(filters, 3, 2, "same")(x)
    return Backbone(inputs, Dense(2)(GlobalAveragePooling2D()(x)), stages=stages, name="tiny")


def test_features_share_the_weights():
    model, x = net(), torch.randn(2, 16, 16, 3)
    assert model.stages == {"fine": (None, 8, 8, 4), "coarse": (None, 4, 4, 8)}
    with torch.no_grad():
        maps = model.features()(x)
        torch.testing.assert_close(model.layers[-1](maps["coarse"].mean((1, 2))), model(x))
    assert list(maps) == ["fine", "coarse"]
    assert list(model.features("fine").output) == ["fine"]
    assert model.features("coarse").layers[0] is model.layers[0]


def test_a_saved_one_keeps_its_stages(tmp_path):
    model, x = net(), np.random.default_rng(0).standard_normal((2, 16, 16, 3), np.float32)
    model.save(tmp_path / "net")
    again = striate.load_model(tmp_path / "net")
    assert isinstance(again, Backbone)
    assert (again.name, again.stages) == (model.name, model.stages)
    for name, maps in again.features().predict(x).items():
        np.testing.assert_array_equal(maps, model.features().predict(x)[name])


def test_words():
    with pytest.raises(ArgumentError, match=r"`names` must name stages. Got names='corse'. Near"):
        net().features("corse")
    x = striate.Input((4, 4, 1))
    with pytest.raises(ArgumentError, match="`stages` must be results of layer calls"):
        Backbone(x, Conv2D(1, 1)(x), stages={"one": 3})


@pytest.mark.parametrize(("pooling", "number"), [("avg", 2.5), ("max", 4.0)])
def test_pooled(pooling, number):
    x = striate.Input((2, 2, 1))
    model = striate.Model(x, pooled(x, pooling))
    assert model(torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 2, 2, 1)).item() == number
    assert pooled(x, None) is x
    with pytest.raises(ArgumentError, match="`pooling` must"):
        pooled(x, "mean")


def test_flattened_in_both_orders():
    x = striate.Input((1, 2, 3))
    picture = torch.arange(6.0).view(1, 1, 2, 3)
    for first, order in ((False, [0, 1, 2, 3, 4, 5]), (True, [0, 3, 1, 4, 2, 5])):
        model = striate.Model(x, flattened(x, channels_first=first))
        assert model(picture)[0].tolist() == order
