"""ConvNeXt-T, as Keras has it: it takes pixels of 0 to 255."""

from __future__ import annotations

from .application import ScaledApplication
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["ConvNeXtTiny", "decode_predictions", "preprocess_input"]

ConvNeXtTiny = ScaledApplication("ConvNeXtTiny", "convnext_tiny")
preprocess_input = PreprocessInput("convnext_tiny")
