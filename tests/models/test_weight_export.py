"""export_weights: the file, what reads it, and what is refused."""

import pytest
import safetensors.torch
import torch

import striate
from striate.architectures import ARCHITECTURES, sketch
from striate.errors import ArgumentError, WeightsError
from striate.models import export_weights
from striate.models.foreign_state import foreign_state
from tests.architectures.moving import randomise


def small(dialect="torchvision"):
    build = ARCHITECTURES.get("squeezenet_1_1")
    return build((64, 64, 3), classes=7, dialect=dialect)


def test_the_file_holds_the_state_and_comes_back(tmp_path):
    net, other = randomise(small()), small()
    path = net.export_weights(tmp_path / "net.safetensors", to="torchvision")
    state = foreign_state(net, "torchvision")
    file = safetensors.torch.load_file(path)
    assert set(file) == set(state)
    assert all(torch.equal(file[name], tensor) for name, tensor in state.items())
    report = other.load_weights(path)
    assert report.fits
    assert report.source == "torchvision"
    x = torch.rand(2, 64, 64, 3)
    assert torch.equal(other(x), net(x))


def test_a_net_of_norms_comes_back(tmp_path):
    build = ARCHITECTURES.get("resnet20")
    net, other = randomise(build()), build()
    path = export_weights(net, str(tmp_path / "net.safetensors"), to="akamaster")
    report = other.load_weights(path)
    assert len(report.left_out) == 19  # the counters
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), other.parameters(), strict=True))


def test_without_its_top_it_has_the_same_names(tmp_path):
    build = ARCHITECTURES.get("squeezenet_1_1")
    net = build((64, 64, 3), include_top=False, dialect="torchvision")
    file = safetensors.torch.load_file(
        net.export_weights(tmp_path / "n.safetensors", to="torchvision")
    )
    assert len(file) == 50
    assert not any(name.startswith("classifier") for name in file)


def test_a_loaded_folder_keeps_its_names(tmp_path):
    net = small()
    net.save(tmp_path / "net")
    path = striate.load_model(tmp_path / "net").export_weights(
        tmp_path / "net.safetensors", to="torchvision"
    )
    assert small().load_weights(path).fits


def test_what_stands_is_kept(tmp_path):
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"old")
    with pytest.raises(WeightsError, match=r"must not stand yet"):
        small().export_weights(path, to="torchvision")
    assert path.read_bytes() == b"old"
    small().export_weights(path, to="torchvision", overwrite=True)
    assert path.stat().st_size > 1_000_000


@pytest.mark.parametrize(
    ("filepath", "options", "words"),
    [
        (3, {}, r"`filepath` must be the path of a file\. Got filepath=3"),
        ("net.pth", {}, r"end with \.safetensors\. Got filepath='net\.pth'"),
        ("n.safetensors", {"overwrite": 1}, r"`overwrite` must be True or False"),
        ("n.safetensors", {"to": "timm"}, r'Use "torchvision"'),
    ],
)
def test_refusals(filepath, options, words):
    with pytest.raises(ArgumentError, match=words):
        small().export_weights(filepath, **{"to": "torchvision"} | options)


def test_an_unbuilt_model_and_a_sketch():
    with pytest.raises(striate.errors.NotBuiltError, match="export_weights"):
        striate.Sequential([striate.layers.Dense(1)]).export_weights("n.safetensors", to="timm")
    with pytest.raises(ArgumentError, match="hold dense tensors"):
        sketch("resnet18", dialect="timm").export_weights("n.safetensors", to="timm")
