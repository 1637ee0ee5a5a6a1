"""striate export-weights: the file, and words for what cannot be written."""

import json

import pytest
import safetensors.torch

from striate.architectures import ARCHITECTURES


@pytest.fixture
def folder(tmp_path):
    build = ARCHITECTURES.get("squeezenet_1_1")
    build((64, 64, 3), classes=7, dialect="torchvision").save(tmp_path / "net")
    return tmp_path / "net"


def test_a_model_folder_becomes_their_file(striate, folder, tmp_path):
    code, out, err = striate("export-weights", folder, "--to", "torchvision", "-o", "w.safetensors")
    assert (code, err) == (0, "")
    assert out == "726,087 numbers, names of torchvision\nfile      w.safetensors\n"
    file = safetensors.torch.load_file(tmp_path / "w.safetensors")
    assert file["classifier.1.weight"].shape == (7, 512, 1, 1)


def test_json_and_a_file_that_stands_there(striate, folder, tmp_path):
    words = ("export-weights", folder, "--to", "torchvision", "-o", "w.safetensors")
    (tmp_path / "w.safetensors").write_bytes(b"old")
    code, _, err = striate(*words)
    assert code == 4
    assert "must not stand yet" in err
    assert (tmp_path / "w.safetensors").read_bytes() == b"old"
    code, out, _ = striate(*words, "--overwrite", "--json")
    assert code == 0
    assert json.loads(out) == {"file": "w.safetensors", "to": "torchvision", "numbers": 726_087}


def test_a_library_that_lacks_the_net(striate, folder):
    code, _, err = striate("export-weights", folder, "--to", "timm", "-o", "w.safetensors")
    assert code == 2
    assert 'Use "torchvision"' in err
