"""Faults in what `fit` is given: each is one error of its kind, before a weight has changed."""

import numpy as np
import pytest
import torch

import striate
from striate import layers
from striate.cli.exit_codes import exit_code

rng = np.random.default_rng(0)
X, Y = rng.random((20, 4)).astype("float32"), rng.integers(0, 3, 20)


def changed(array, value, place=13):
    array = np.array(array, dtype=np.result_type(array, type(value)))
    array[place] = value
    return array


def net(loss="sparse_categorical_crossentropy", **last):
    torch.manual_seed(0)
    parts = [layers.Dense(5, input_shape=(4,)), layers.Dense(3, "softmax", **last)]
    model = striate.Sequential(parts)
    model.compile("adam", loss=loss)
    return model


def endless(model):
    with torch.no_grad():
        model.layers[1].weight[0, 0] = float("inf")
    return {}


FAULTS = {
    "not a number in the images": (lambda m: {"x": changed(X, np.nan)}, 6, "images of the batch, "),
    "infinite images": (lambda m: {"x": changed(X, -np.inf)}, 6, "in sample 13"),
    "an infinite weight": (endless, 6, 'the weight of layer "dense_1"'),
    "a label above the classes": (lambda m: {"y": changed(Y, 3)}, 2, "class numbers from 0 to 2"),
    "a label below 0": (lambda m: {"y": changed(Y, -1)}, 2, "class numbers from 0 to 2"),
    "a label between two": (lambda m: {"y": changed(Y, 0.5)}, 2, "whole class numbers"),
    "labels that are missing": (lambda m: {"y": Y[:-1]}, 2, "20"),
    "images of another size": (lambda m: {"x": X[:, :3]}, 2, "input must have shape (n, 4)"),
    "a weight of a sample": (lambda m: {"sample_weight": np.ones(19)}, 2, "20"),
    "a generator": (lambda m: {"x": iter([(X, Y)]), "y": None}, 2, "used up after one"),
    "no sample": (lambda m: {"x": X[:0], "y": Y[:0]}, 2, ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fit_refuses(name):
    spoil, code, words = FAULTS[name]
    model = net()
    given = {"x": X, "y": Y, "batch_size": 20, "verbose": 0, "shuffle": False, **spoil(model)}
    before = [weight.copy() for weight in model.get_weights()]
    with pytest.raises(striate.errors.StriateError) as caught:
        model.fit(**given)
    assert exit_code(caught.value) == code, str(caught.value)
    assert words in str(caught.value)
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), before, strict=True))


def test_soft_labels_above_1():
    labels = np.eye(3, dtype="float32")[Y]
    with pytest.raises(striate.errors.ArgumentError, match=r"targets"):
        net("categorical_crossentropy").fit(X, changed(labels, 1.5), verbose=0)
