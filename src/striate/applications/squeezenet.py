"""SqueezeNet, with the weights of torchvision."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["SqueezeNet", "SqueezeNet11", "decode_predictions", "preprocess_input"]

SqueezeNet = Application("SqueezeNet", "squeezenet")
SqueezeNet11 = Application("SqueezeNet11", "squeezenet_1_1")
preprocess_input = PreprocessInput("squeezenet")
