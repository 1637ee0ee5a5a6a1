import pytest
import torch
from safetensors.torch import save_file as save

from striate.applications.own_file import is_path, load_file, written_in
from striate.architectures import ARCHITECTURES, resnet18, resnet20, resnet34
from striate.errors import WeightsError
from striate.models.weight_export import export_weights
from tests.architectures.moving import randomise


def save_file(state, path):
    save({name: each.contiguous() for name, each in state.items()}, path)


def net(build=resnet20, **options):
    return randomise(build((32, 32, 3), **options))


def test_what_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not is_path("imagenet")
    assert not is_path("torchvision/imagenet_v2")
    assert is_path(tmp_path)
    assert is_path("w.pth")
    assert is_path("/no/such")
    (tmp_path / "imagenet").mkdir()
    assert is_path("imagenet")


def test_the_dialect_is_that_of_the_names(tmp_path):
    known = ARCHITECTURES.get("resnet18")
    made = net(resnet18, dialect="torchvision")
    export_weights(made, tmp_path / "w.safetensors", to="torchvision")
    assert written_in(known, tmp_path / "w.safetensors") == "torchvision"
    made.save(tmp_path / "folder")
    assert written_in(known, tmp_path / "folder") == "torchvision"
    save_file({"mine": torch.ones(1)}, tmp_path / "other.safetensors")
    assert written_in(known, tmp_path / "other.safetensors") == "paper"
    assert written_in(ARCHITECTURES.get("resnet50"), "any.weights.h5") == "keras"
    assert written_in(known, "any.weights.h5") == "paper"  # Keras has no ResNet-18


def test_a_base_leaves_the_top_in_the_file(tmp_path):
    whole = net(classes=7)
    save_file(whole.state_dict(), tmp_path / "w.safetensors")
    base = resnet20((32, 32, 3), include_top=False)
    load_file(base, tmp_path / "w.safetensors", include_top=False)
    for name, mine in base.state_dict().items():
        assert torch.equal(mine, whole.state_dict()[name])
    with pytest.raises(WeightsError, match="2 unlike"):
        load_file(resnet20((32, 32, 3)), tmp_path / "w.safetensors", include_top=True)


def test_a_base_is_not_filled_from_a_larger_net(tmp_path):
    save_file(net(resnet34).state_dict(), tmp_path / "w.safetensors")
    words = 'must hold the weights of ResNet "resnet18", and of its top at most besides'
    with pytest.raises(WeightsError, match=words):
        load_file(
            resnet18((32, 32, 3), include_top=False), tmp_path / "w.safetensors", include_top=False
        )


def test_a_base_with_a_hole_is_refused(tmp_path):
    state = net().state_dict()
    del state["_layers.conv1_conv.weight"]
    save_file(state, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match="1 missing"):
        load_file(
            resnet20((32, 32, 3), include_top=False), tmp_path / "w.safetensors", include_top=False
        )
