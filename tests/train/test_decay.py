"""Kernels decay; biases and the parameters of normalisation layers do not."""

import numpy as np
import torch
from torch import nn

import striate
from striate import layers, optimizers
from striate.train import norms_and_biases


def net():
    inputs = striate.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, name="conv")(inputs)
    x = layers.BatchNormalization(name="batch")(x)
    x = layers.SeparableConv2D(4, 3, name="separable")(x)
    x = layers.LayerNormalization(axis=(1, 2, 3), name="layer")(x)
    x = layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return striate.Model(inputs, layers.Dense(2, "softmax", name="dense")(x))


def test_all_but_the_kernels_are_named():
    model = net()
    without = {id(parameter) for parameter in norms_and_biases(model)}
    decayed = {name for name, p in model.named_parameters() if id(p) not in without}
    assert {name.removeprefix("_layers.") for name in decayed} == {
        "conv.weight",
        "separable.depthwise_weight",
        "separable.pointwise_weight",
        "depthwise.weight",
        "dense.weight",
    }
    assert len(without) == len(norms_and_biases(model))
    assert model.get_layer("layer").weight.dim() == 3


def test_torchs_own_layers():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.LayerNorm((2, 4, 4)), nn.GroupNorm(1, 2)
    )
    without = {id(parameter) for parameter in norms_and_biases(model)}
    assert [name for name, p in model.named_parameters() if id(p) not in without] == ["0.weight"]


def test_fit_decays_the_kernels_alone():
    model = net()
    optimizer = optimizers.SGD(0.5, weight_decay=0.2)
    optimizer.exclude_from_weight_decay(norms_and_biases(model))
    model.compile(optimizer, loss=lambda y_true, y_pred: 0.0 * y_pred.sum(-1))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    model.fit(np.zeros((4, 8, 8, 3), "float32"), np.zeros(4), batch_size=2, verbose=0)
    without = {id(parameter) for parameter in norms_and_biases(model)}
    for parameter in model.parameters():
        wanted = 1.0 if id(parameter) in without else 0.9**2
        assert torch.allclose(parameter, torch.full_like(parameter, wanted))
