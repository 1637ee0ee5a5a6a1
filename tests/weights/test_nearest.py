"""Which architecture a file is of: by names, then by size."""

import torch

from striate.architectures.sketch import sketch
from striate.weights.nearest import fitting_maps, nearest_architectures
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
