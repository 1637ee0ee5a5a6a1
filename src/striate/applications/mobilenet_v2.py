"""MobileNetV2, as Keras has it."""

from __future__ import annotations

from .decoding import decode_predictions
from .preprocessing import PreprocessInput
from .width import WidthApplication

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

MobileNetV2 = WidthApplication("MobileNetV2", "mobilenet_v2", {})
preprocess_input = PreprocessInput("mobilenet_v2")
