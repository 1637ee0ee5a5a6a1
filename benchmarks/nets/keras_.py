"""The same nets in Keras; layers bear the names of PyTorch's weights, "_" for ".", as they are."""

from __future__ import annotations

import keras
from keras import layers

from .mobilenet_v2 import MOBILENET_V2


def build(name: str, size: tuple[int, int, int]) -> keras.Model:
    """The net of a name: softmax for S1, S2 and F, as the books have it, else logits."""
    inputs = keras.Input(size)
    return keras.Model(inputs, BUILDERS[name](inputs))


def s1_convolutions(x):
    x = layers.Conv2D(32, 3, activation="relu", name="0")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu", name="3")(x)
    x = layers.MaxPooling2D(2)(x)
    return layers.Conv2D(128, 3, activation="relu", name="6")(x)


def s1_mean(x):
    x = layers.GlobalAveragePooling2D()(s1_convolutions(x))
    return layers.Dense(10, activation="softmax", name="9")(x)


def s1(x):
    x = layers.Flatten()(s1_convolutions(x))
    return layers.Dense(10, activation="softmax", name="9")(x)


def s2(x):
    x = layers.Conv2D(32, 3, activation="relu", name="0")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu", name="3")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(64, 3, activation="relu", name="6")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(64, activation="relu", name="9")(x)
    return layers.Dense(10, activation="softmax", name="11")(x)


def f(x):
    x = layers.Conv2D(64, 7, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    for filters in (128, 256):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    for units in (128, 64):
        x = layers.Dense(units, activation="relu")(x)
        x = layers.Dropout(0.5)(x)
    return layers.Dense(10, activation="softmax")(x)


def conv_norm(x, filters, size, *, strides=1, conv, norm):
    """A convolution padded alike on all sides, and its normalisation, with PyTorch's numbers."""
    if size > 1:
        x = layers.ZeroPadding2D(size // 2)(x)
    x = layers.Conv2D(
        filters, size, strides, use_bias=False, kernel_initializer="he_normal", name=conv
    )(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=norm)(x)


def resnet(x, blocks, classes, *, bottleneck):
    x = layers.ReLU()(conv_norm(x, 64, 7, strides=2, conv="conv1", norm="bn1"))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))  # of relus: 0 is least
    for stage, count in enumerate(blocks):
        for number in range(count):
            strides = 2 if stage and not number else 1
            name = f"layer{stage + 1}_{number}"
            x = residual(x, 64 * 2**stage, strides, name, bottleneck=bottleneck)
    return layers.Dense(classes, name="fc")(layers.GlobalAveragePooling2D()(x))


def residual(x, width, strides, name, *, bottleneck):
    outputs = 4 * width if bottleneck else width
    rows = [(width, 1), (width, 3), (outputs, 1)] if bottleneck else [(width, 3), (width, 3)]
    shortcut, strided = x, len(rows) - 2
    if strides > 1 or x.shape[-1] != outputs:
        names = {"conv": f"{name}_downsample_0", "norm": f"{name}_downsample_1"}
        shortcut = conv_norm(x, outputs, 1, strides=strides, **names)
    for number, (filters, size) in enumerate(rows):
        step = strides if number == strided else 1
        names = {"conv": f"{name}_conv{number + 1}", "norm": f"{name}_bn{number + 1}"}
        x = conv_norm(x, filters, size, strides=step, **names)
        if number < len(rows) - 1:
            x = layers.ReLU()(x)
    return layers.ReLU()(layers.Add()([x, shortcut]))


def mobilenet_v2(x, classes):
    x = conv_norm(x, 32, 3, strides=2, conv="features_0_0", norm="features_0_1")
    x, number = layers.ReLU(6.0)(x), 1
    for expansion, filters, blocks, stride in MOBILENET_V2:
        for block in range(blocks):
            name = f"features_{number}_conv"
            x = inverted_residual(x, filters, 1 if block else stride, expansion, name)
            number += 1
    x = conv_norm(x, 1280, 1, conv=f"features_{number}_0", norm=f"features_{number}_1")
    x = layers.GlobalAveragePooling2D()(layers.ReLU(6.0)(x))
    return layers.Dense(classes, name="classifier_1")(x)


def inverted_residual(x, filters, strides, expansion, name):
    shortcut, wide, place = x, x.shape[-1] * expansion, 0
    if expansion > 1:
        x = conv_norm(x, wide, 1, conv=f"{name}_0_0", norm=f"{name}_0_1")
        x, place = layers.ReLU(6.0)(x), 1
    x = layers.ZeroPadding2D(1)(x)
    x = layers.DepthwiseConv2D(3, strides, use_bias=False, name=f"{name}_{place}_0")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{name}_{place}_1")(x)
    names = {"conv": f"{name}_{place + 1}", "norm": f"{name}_{place + 2}"}
    x = conv_norm(layers.ReLU(6.0)(x), filters, 1, **names)
    same = strides == 1 and shortcut.shape[-1] == filters
    return layers.Add()([shortcut, x]) if same else x


BUILDERS = {
    "S1": s1,
    "S1, mean": s1_mean,
    "S2": s2,
    "F": f,
    "ResNet-18, 10 classes": lambda x: resnet(x, (2, 2, 2, 2), 10, bottleneck=False),
    "ResNet-18": lambda x: resnet(x, (2, 2, 2, 2), 1000, bottleneck=False),
    "ResNet-50": lambda x: resnet(x, (3, 4, 6, 3), 1000, bottleneck=True),
    "MobileNetV2": lambda x: mobilenet_v2(x, 1000),
}
