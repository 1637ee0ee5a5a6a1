"""Whole files: what is taken and what is refused. Outputs are held to Keras' in tests/peers."""

import json

import h5py
import keras
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from striate.errors import ArgumentError, WeightsError
from striate.models import from_keras, import_keras, load_model
from tests.models.keras_config.configurations import layer, sequential, start

K = keras.layers


def net():
    return keras.Sequential(
        [keras.Input((3,), name="x"), K.Dense(2, name="a"), K.BatchNormalization(name="n")],
        name="it",
    )


@pytest.fixture
def whole(tmp_path):
    """whole(form): the file of a compiled model that Keras saved."""

    def save(form="keras"):
        model = net()
        model.compile("adam", "mse")
        model.save(tmp_path / f"model.{form}")
        return tmp_path / f"model.{form}"

    return save


@pytest.mark.parametrize(
    ("form", "left_out"),
    [
        ("keras", ("initializers", "compile_config", "optimizer")),
        ("h5", ("initializers", "training_config", "optimizer_weights")),
    ],
)
def test_what_is_taken_and_what_is_not(whole, form, left_out):
    found = import_keras(whole(form))
    assert found.report.fits
    assert found.report.source == "keras"
    assert set(found.report.left_out) == set(left_out)
    assert found.report.matched["_layers.a.weight"] == "a/0"
    assert found.report.matched["_layers.n.running_var"] == "n/3"
    assert len(found.report.matched) == len(found.model.weights) == 6
    assert not found.model.training


def test_the_model_is_one_of_ours(whole, tmp_path):
    model = from_keras(whole())
    assert (model.name, model.layer_names) == ("it", ["a", "n"])
    model.save(tmp_path / "kept")
    x = torch.rand(2, 3)
    assert load_model(tmp_path / "kept")(x).equal(model(x))
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x.numpy(), np.zeros((2, 2), np.float32), verbose=0)


def forged(path, config):
    """An .h5 file with a Dense layer and any configuration."""
    model = net()
    model.save(path)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = json.dumps(config)
    return path


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            {"class_name": "Sequential", "config": {"name": "it"}},
            "must hold a configuration whose layers can be built and fit each other. Got KeyError: "
            "'layers'. Load its weights into a net: model.load_weights(path), striate import ",
        ),
        (
            sequential(start("x", 4, 4, 3), layer("Conv2D", "a", filters=2, kernel_size=9)),
            'Got ShapeError: Conv2D "a": input must ',
        ),
        (
            sequential(
                start("x", 3), layer("Dense", "a", units=5), layer("BatchNormalization", "n")
            ),
            "must hold 'a' weight as (3, 5). Got float32 (3, 2).",
        ),
        (
            sequential(start("x", 3), layer("Dense", "a", units=10**12)),
            "must hold arrays of layers of its configuration and of no others. Got 'n'.",
        ),
    ],
)
def test_a_configuration_that_does_not_fit_its_file(tmp_path, config, words):
    with pytest.raises(WeightsError) as caught:
        from_keras(forged(tmp_path / "model.h5", config))
    assert words in str(caught.value)
    assert str(caught.value).startswith(f'Keras file "{tmp_path}/model.h5": must ')


def test_weights_alone(tmp_path):
    net().save_weights(tmp_path / "w.weights.h5")
    words = r"must hold a model with its configuration\. Got weights alone\. Load its weights "
    with pytest.raises(WeightsError, match=words):
        from_keras(tmp_path / "w.weights.h5")


def test_a_file_of_another_program(tmp_path):
    save_file({"a": torch.ones(1)}, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match=r"Got a file of another program\. Load its weights"):
        from_keras(tmp_path / "w.safetensors")


def test_no_path():
    with pytest.raises(ArgumentError, match=r"from_keras: `path` must be the path of a file\. Got"):
        from_keras(None)
