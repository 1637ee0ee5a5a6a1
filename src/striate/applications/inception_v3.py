"""Inception v3, as Keras has it."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

InceptionV3 = Application("InceptionV3", "inception_v3")
preprocess_input = PreprocessInput("inception_v3")
