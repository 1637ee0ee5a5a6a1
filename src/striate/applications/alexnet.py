"""AlexNet in one tower, with the weights of torchvision."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["AlexNet", "decode_predictions", "preprocess_input"]

AlexNet = Application("AlexNet", "alexnet_one_tower")
preprocess_input = PreprocessInput("alexnet_one_tower")
