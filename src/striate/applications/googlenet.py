"""GoogLeNet, with the weights of torchvision."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["GoogLeNet", "decode_predictions", "preprocess_input"]

GoogLeNet = Application("GoogLeNet", "googlenet_3x3")
preprocess_input = PreprocessInput("googlenet_3x3")
