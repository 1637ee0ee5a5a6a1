"""The three texts of each net are one net."""

import math

import pytest
import torch
from benchmarks.contenders.reference import keras_arrays, settled
from benchmarks.nets import keras_, striate_, torch_

SIZES = {
    "S1": (28, 28, 1),
    "S1, mean": (40, 40, 1),
    "S2": (28, 28, 1),
    "F": (28, 28, 1),
    "ResNet-18, 10 classes": (64, 64, 3),
    "ResNet-50": (64, 64, 3),
    "MobileNetV2": (64, 64, 3),
}
PUBLISHED = {
    "S1": 104_202,
    "S2": 93_322,
    "F": 1_413_834,
    "ResNet-50": 25_557_032,
    "MobileNetV2": 3_504_872,
}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long) if n == "ResNet-50" else n for n in SIZES]
)
def test_the_texts_have_the_same_parameters(name):
    size = SIZES[name]
    theirs = sum(each.numel() for each in torch_.build(name).parameters())
    ours = sum(each.numel() for each in striate_.build(name, size).parameters())
    of_keras = sum(math.prod(each.shape) for each in keras_.build(name, size).trainable_weights)
    assert ours == theirs == of_keras == PUBLISHED.get(name, theirs)


@pytest.mark.parametrize("name", ["S1", "MobileNetV2"])
def test_the_texts_answer_alike_with_the_same_weights(name):
    h, w, c = SIZES[name]
    torch.manual_seed(0)
    x = torch.rand(4, c, h, w)
    model = settled(torch_.build(name), x)
    tuned = torch_.build(name, tuned=True).eval()
    of_keras = keras_.build(name, (h, w, c))
    arrays = keras_arrays(name, model)
    for layer in of_keras.layers:
        if layer.weights:
            own = [arrays[key] for key in arrays if key.startswith(f"{layer.name}/")]
            layer.set_weights(own)
    with torch.inference_mode():
        logits = model(x)
        if name != "S1":
            tuned.load_state_dict(model.state_dict())
            assert (tuned(x) - logits).abs().max() <= 1e-4 * logits.abs().max()
        wanted = logits.softmax(1) if name == "S1" else logits
        found = torch.as_tensor(of_keras(x.permute(0, 2, 3, 1).numpy(), training=False))
        assert (found - wanted).abs().max() <= 1e-4 * wanted.abs().max()
