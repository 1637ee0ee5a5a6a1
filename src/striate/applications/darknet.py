"""Darknet-53, with the weights of timm."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["Darknet53", "decode_predictions", "preprocess_input"]

Darknet53 = Application("Darknet53", "darknet53")
preprocess_input = PreprocessInput("darknet53")
