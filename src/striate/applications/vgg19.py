"""VGG-19, as Keras has it."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

VGG19 = Application("VGG19", "vgg19")
preprocess_input = PreprocessInput("vgg19")
