"""Which architecture a Keras file is of: by the names of layers, and by what is learned."""

import pytest
import torch

from striate.architectures import sketch
from striate.models.keras_layers import layers_in_keras
from striate.weights.names.keras import MAPS
from striate.weights.nearest import dialect_of, fitting_maps, nearest_architectures


def file_of(name, classes=None, *, by="name"):
    """The arrays of a Keras file of a net, without numbers."""
    net = sketch(name, classes=classes, dialect="keras")
    return {
        f"{getattr(layer, by)}/{number}": view
        for layer in layers_in_keras(net)
        for number, view in enumerate(layer.views)
    }


SOME = ("vgg16", "resnet50", "mobilenet_v1", "mobilenet_v3_small", "xception")


@pytest.mark.parametrize(
    "name", [name if name in SOME else pytest.param(name, marks=pytest.mark.long) for name in MAPS]
)
def test_each_net_of_keras_is_found(name):
    for classes in (None, 7):
        file = file_of(name, classes)
        assert nearest_architectures(file, most=1) == [f"{name} (names of keras)"]
        assert dialect_of(name, file) == "keras"


def test_without_its_head_a_net_is_found_by_its_names():
    file = {key: view for key, view in file_of("vgg16").items() if key.startswith("block")}
    assert nearest_architectures(file, most=1) == ["vgg16 (names of keras)"]


def test_a_file_without_names_is_judged_by_what_is_learned():
    file = file_of("mobilenet_v2", by="counted")
    assert nearest_architectures(file, most=1) == ["mobilenet_v2"]
    assert fitting_maps("mobilenet_v2", file) == []
    assert dialect_of("mobilenet_v2", file) == "keras"
    assert dialect_of("resnet18", file) is None


def test_statistics_are_not_counted():
    with torch.device("meta"):
        file = {
            "a/0": torch.empty(3, 3, 8, (1_248_424 - 200_000) // 72),
            **{f"batch/{number}": torch.empty(100_000) for number in range(4)},
            **{f"data/{number}": torch.empty(10**6) for number in range(2)},
            "data/2": torch.empty((), dtype=torch.int64),
        }
    assert nearest_architectures(file, most=1) == ["squeezenet"]


def test_names_of_torch_are_not_keras():
    assert fitting_maps("vgg16", ["block1_conv1.weight", "predictions.bias"]) == []
    assert [each.source for each in fitting_maps("vgg16", ["block1_conv1/0"])] == ["keras"] * 2
