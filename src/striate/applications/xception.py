"""Xception, as Keras has it."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

Xception = Application("Xception", "xception")
preprocess_input = PreprocessInput("xception")
