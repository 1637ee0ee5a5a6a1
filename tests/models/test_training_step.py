"""The step of a compiled model: its optimizer has the model's parameters, or it is refused."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.errors import ArgumentError
from striate.models.feeding import feed
from striate.models.preparing import prepare
from striate.models.training_step import training_step


def net(optimizer="sgd"):
    model = striate.Sequential([layers.Dense(2, "softmax", input_shape=(3,))])
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


def step(model, **options):
    batches = feed(np.ones((4, 3), "float32"), np.arange(4) % 2, place="fit", batch_size=4)
    return training_step(
        model, prepare(model, batches, place="fit", precision="float32"), **options
    )


def test_an_optimizer_of_ours_gets_the_parameters():
    model = net()
    made = step(model, seed=3, accumulate=2)
    assert made.optimizer is model.optimizer
    assert made.optimizer.bound
    assert (made.seed, made.accumulate) == (3, 2)
    assert not step(net(), bind=False).optimizer.bound


def test_a_model_that_cannot_learn_is_refused():
    model = net()
    model.trainable = False
    with pytest.raises(ArgumentError, match="fit: `model` must have a weight that is trainable"):
        step(model)


def test_an_optimizer_of_another_model_is_refused():
    other = torch.optim.SGD(net().parameters(), 0.1)
    with pytest.raises(ArgumentError, match="fit: `optimizer` must hold the model's parameters"):
        step(net(other))


def test_a_trainable_weight_that_the_optimizer_does_not_hold_is_no_silent_loss():
    model = net()
    model.layers[0].trainable = False
    model.add(layers.Dense(2, "softmax", name="head"))
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 0.1)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    step(model)
    model.trainable = True
    words = (
        r"fit: `optimizer` must hold every trainable weight of the model\. Got optimizer='SGD "
        r"without 2 of 4, such as _layers\.dense\.weight'\. Make it from model\.parameters\(\), or"
    )
    with pytest.raises(ArgumentError, match=words):
        step(model)
