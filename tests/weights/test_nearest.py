"""Which architecture a file is of: by names, then by size."""

import pytest
import torch

from striate.architectures.sketch import sketch
from striate.weights.nearest import dialect_of, fitting_maps, nearest_architectures
from tests.peers.architectures.peer import plain


def file_of(name, dialect="paper", *, classes=None):
    """The state dict of a net in torchvision's names, without numbers."""
    state = sketch(name, classes=classes, dialect=dialect).state_dict()
    (known,) = (each for each in fitting_maps(name, ["fc.bias"]) if each.dialect == dialect)
    return {known.called(plain(key)): tensor for key, tensor in state.items()}


def test_a_known_net_is_found_among_its_like():
    for name in ("resnet34", "resnet101"):
        found = nearest_architectures(file_of(name, "torchvision"), most=1)
        assert found == [f"{name} (names of torchvision, timm)"]


def test_another_head_and_a_wrapper_do_not_matter():
    state = {f"module.{key}": t for key, t in file_of("resnet50", "timm", classes=7).items()}
    assert nearest_architectures(state, most=1) == ["resnet50 (names of torchvision, timm)"]


def test_unknown_names_are_judged_by_size():
    with torch.device("meta"):
        state = {"x": torch.empty(1_248_424), "bn.running_mean": torch.empty(10**9)}
    assert nearest_architectures(state, most=2) == ["squeezenet", "squeezenet_1_1"]
    assert nearest_architectures({}) == []


def test_maps_that_know_the_names():
    assert [each.source for each in fitting_maps("resnet20", ["linear.weight"])] == ["akamaster"]
    assert fitting_maps("resnet20", ["features.0.weight"]) == []
    assert fitting_maps("nonesuch", ["fc.weight"]) == []


@pytest.mark.parametrize(
    ("architecture", "names", "dialect"),
    [
        ("resnet50", ["conv1.weight", "layer1.0.bn1.bias", "fc.bias"], "torchvision"),
        ("se_resnet50", ["conv1.weight", "layer1.0.se.fc1.weight", "fc.bias"], "timm"),
        ("se_resnet50", ["layer0.conv1.weight", "last_linear.bias"], "paper"),
        ("inception_v3", ["Conv2d_1a_3x3.bn.weight", "fc.bias"], "timm"),
        ("inception_v3", ["Conv2d_1a_3x3.bn.weight", "AuxLogits.fc.bias"], "torchvision"),
        ("resnet50", ["stem.conv.weight", "head.fc.weight"], None),
        ("resnet50", ["_layers.conv1_conv.weight", "_layers.predictions.bias"], None),
        ("lenet5", ["fc.bias"], None),
    ],
)
def test_the_dialect_that_computes_the_same(architecture, names, dialect):
    assert dialect_of(architecture, [f"module.{name}" for name in names]) == dialect
    assert dialect_of(architecture, iter(names)) == dialect
