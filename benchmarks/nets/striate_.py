"""The same nets of striate: its recipes' and its architectures."""

from __future__ import annotations

import striate

LOGITS = {"dialect": "torchvision", "classifier_activation": None}


def build(name: str, size: tuple[int, int, int]):
    """The net of a name: softmax for S1, S2 and F, as the books have it, else logits."""
    return BUILDERS[name](size)


def s1_mean(size: tuple[int, int, int]):
    layers = striate.layers
    return striate.Sequential(
        [
            layers.Conv2D(32, 3, activation="relu", input_shape=size),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


BUILDERS = {
    "S1": lambda size: striate.recipes.mnist_net(),
    "S1, mean": s1_mean,
    "S2": lambda size: striate.recipes.mnist_first_edition_net(),
    "F": lambda size: striate.recipes.fashion_mnist_net(),
    "ResNet-18, 10 classes": lambda size: striate.architectures.resnet18(size, 10, **LOGITS),
    "ResNet-18": lambda size: striate.architectures.resnet18(size, **LOGITS),
    "ResNet-50": lambda size: striate.architectures.resnet50(size, **LOGITS),
    "MobileNetV2": lambda size: striate.architectures.mobilenet_v2(size, **LOGITS),
}
