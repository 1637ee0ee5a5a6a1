"""MobileNet of four widths, as Keras has it."""

from __future__ import annotations

from .decoding import decode_predictions
from .preprocessing import PreprocessInput
from .width import WidthApplication

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

MobileNet = WidthApplication(
    "MobileNet",
    "mobilenet_v1",
    {0.75: "mobilenet_v1_075", 0.5: "mobilenet_v1_050", 0.25: "mobilenet_v1_025"},
)
preprocess_input = PreprocessInput("mobilenet_v1")
