"""Which layer of Keras is which of ours, and what of its arguments changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["HOMES", "INERT", "LAYER_RULES", "MODELS", "NEUTRAL", "LayerRule"]


@dataclass(frozen=True)
class LayerRule:
    """How a layer of Keras becomes one of ours; arguments of the same name keep it.

    Args:
        kind: our layer's registered name.
        renamed: Keras' argument -> ours.
        given: our arguments that Keras' class stands for.
        neutral: Keras' arguments that ours lacks -> the values that are what ours does.
    """

    kind: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    neutral: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


_SAME = (
    "Activation AdaptiveAveragePooling2D Add Average AveragePooling2D BatchNormalization "
    "CenterCrop Concatenate Conv2D Conv2DTranspose Cropping2D Dense DepthwiseConv2D Dropout "
    "Flatten GlobalAveragePooling2D GlobalMaxPooling2D GroupNormalization LayerNormalization "
    "MaxPooling2D Maximum Multiply Normalization Permute RandomBrightness RandomContrast "
    "RandomCrop RandomFlip RandomRotation RandomTranslation RandomZoom ReLU Rescaling Reshape "
    "Resizing SeparableConv2D Softmax SpatialDropout2D Subtract UpSampling2D ZeroPadding2D"
)

LAYER_RULES: dict[str, LayerRule] = {
    **{name: LayerRule(name) for name in _SAME.split()},
    "ELU": LayerRule("Activation", given={"activation": "elu"}, neutral={"alpha": (1.0,)}),
    "Identity": LayerRule("Activation", given={"activation": "linear"}),
    "LayerScale": LayerRule("LayerScale"),
    "LeakyReLU": LayerRule("LeakyReLU", renamed={"alpha": "negative_slope"}),
}
"""Keras' class -> its rule; what is not here is refused by name."""

MODELS = {"Functional": "Functional", "Model": "Functional", "Sequential": "Sequential"}
"""Class of a net in a configuration -> how its layers are joined."""

NEUTRAL: dict[str, tuple[Any, ...]] = {
    "activity_regularizer": (None,),
    "data_format": (None, "channels_last"),
    "fill_mode": ("constant",),
    "fill_value": (0.0,),
    "groups": (1,),
    "noise_shape": (None,),
    "renorm": (False,),
    "rms_scaling": (False,),
    "synchronized": (False,),
}
"""Arguments that a layer of ours lacks -> the values that are what it does."""

INERT = frozenset(
    "autocast batch_input_shape batch_shape fused implementation input_dtype projection_dim ragged "
    "renorm_clipping renorm_momentum sparse".split()
)
"""Arguments of Keras that do not say what a layer computes."""

HOMES = ("keras.layers", "keras.src.layers", "keras.src.applications.convnext", "keras.engine")
"""Modules that a layer of Keras' own may name as its home."""
