"""VGG-16, as Keras has it."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

VGG16 = Application("VGG16", "vgg16")
preprocess_input = PreprocessInput("vgg16")
