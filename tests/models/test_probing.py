"""How far the outputs of a net moved."""

import torch

import striate
from striate.architectures.sketch import sketch
from striate.layers import Add, Conv2D, Dropout, Normalization
from striate.models.probing import answers, moved


def test_the_same_picture_each_time():
    inputs = [striate.Input((None, None, 3)), striate.Input((None, None, 3))]
    x = Dropout(0.5)(Add()([Conv2D(2, 3)(each) for each in inputs]))
    model = striate.Model(inputs, {"a": x, "b": Conv2D(1, 1)(x)})
    model.train()
    before = answers(model)
    assert [tuple(each.shape) for each in before] == [(1, 94, 94, 2), (1, 94, 94, 1)]
    assert moved(before, answers(model)) == 0
    assert model.training
    with torch.no_grad():
        model.weights[0].mul_(2)
    assert moved(before, answers(model)) > 0.1


def test_nets_that_cannot_be_asked():
    assert answers(sketch("resnet20")) is None
    assert answers(striate.Sequential([Normalization(input_shape=(2,))])) is None
    assert moved(None, None) is None
    assert moved([torch.zeros(2)], [torch.zeros(2)]) == 0
