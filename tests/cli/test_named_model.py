"""MODEL of a command: a folder, or a net's name."""

import os

import pytest

import striate
from striate.cli.named_model import named_model
from striate.errors import ArgumentError, WeightsError


def named(name, **sizes):
    return named_model("summary", str(name), **sizes or {"size": 32, "classes": 3, "channels": 1})


def test_a_folder(tmp_path):
    striate.Sequential([striate.layers.Dense(2, input_shape=(3,))]).save(tmp_path / "net")
    assert named_model("summary", str(tmp_path / "net")).count_params() == 8


def test_names_of_nets():
    assert named("convnet").output.shape == (None, 3)
    assert named("convnet").input.shape == (None, 32, 32, 1)
    assert named_model("summary", "mnist_net").count_params() == 104_202


def test_a_net_that_stands_has_its_own_sizes(tmp_path):
    conv = striate.layers.Conv2D(2, 3, input_shape=(None, None, 1))
    striate.Sequential([conv]).save(tmp_path / "open")
    for name in (tmp_path / "open", "mnist_net"):
        for word in ("classes", "channels"):
            with pytest.raises(ArgumentError, match=f"summary: `{word}` must stand beside convnet"):
                named(name, **{word: 1})
    with pytest.raises(ArgumentError, match="summary: `size` must be the model's own, 28 × 28"):
        named("mnist_net", size=64)
    assert named("mnist_net", size=28).count_params() == 104_202
    assert named(tmp_path / "open", size=64).count_params() == 20


def test_an_architecture():
    assert named("resnet20").output.shape == (None, 3)
    assert named("resnet20").input.shape == (None, 32, 32, 1)
    sketch = named_model("summary", "vgg16", dialect="keras", is_sketch=True)
    assert (sketch.input.shape, sketch.output.shape) == ((None, 224, 224, 3), (None, 1000))
    assert {tensor.device.type for tensor in sketch.parameters()} == {"meta"}


def test_what_is_not_said_is_the_nets_own():
    assert named_model("summary", "convnet").input.shape == (None, 128, 128, 3)
    assert named_model("summary", "convnet", channels=1).output.shape == (None, 10)
    assert named_model("summary", "resnet20").output.shape == (None, 10)


def test_only_architectures_have_dialects():
    with pytest.raises(ArgumentError, match="summary: `dialect` must stand beside the name of an"):
        named_model("summary", "convnet", dialect="keras")


def test_pictures_that_are_too_small_or_too_large_for_an_architecture():
    words = r"summary: `size` must be at least 32 pixels for vgg16\. Got size=31\. Use --size 32, o"
    with pytest.raises(ArgumentError, match=words):
        named_model("summary", "vgg16", size=31)
    with pytest.raises(ArgumentError, match=r"summary: `size` must be at most 65536 pixels"):
        named_model("summary", "vgg16", size=10**9, is_sketch=True)
    assert named_model("summary", "vgg16", size=32, is_sketch=True).input.shape[1] == 32


def test_neither():
    with pytest.raises(ArgumentError, match="summary: `model` must be the name of a net, or a mod"):
        named("mnist_nett")
    with pytest.raises(ArgumentError, match="Nearest: mnist_net, "):
        named("mnist_nett")
    with pytest.raises(ArgumentError, match=r"Nearest: resnet50, resnet56, resnet152\. str"):
        named("resnet5O")
    with pytest.raises(WeightsError, match="Got no such folder"):
        named(f".{os.sep}mnist_net")
