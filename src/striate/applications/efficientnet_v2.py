"""EfficientNetV2-S, as Keras has it: it takes pixels of 0 to 255."""

from __future__ import annotations

from .application import ScaledApplication
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["EfficientNetV2S", "decode_predictions", "preprocess_input"]

EfficientNetV2S = ScaledApplication("EfficientNetV2S", "efficientnet_v2_s")
preprocess_input = PreprocessInput("efficientnet_v2_s")
