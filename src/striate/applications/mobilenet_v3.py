"""MobileNetV3, as Keras has it: it takes pixels of 0 to 255."""

from __future__ import annotations

from .decoding import decode_predictions
from .preprocessing import PreprocessInput
from .width import ScaledWidthApplication

__all__ = ["MobileNetV3Large", "MobileNetV3Small", "decode_predictions", "preprocess_input"]

MobileNetV3Large = ScaledWidthApplication("MobileNetV3Large", "mobilenet_v3_large", {})
MobileNetV3Small = ScaledWidthApplication("MobileNetV3Small", "mobilenet_v3_small", {})
preprocess_input = PreprocessInput("mobilenet_v3_large")
