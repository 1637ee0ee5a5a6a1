"""ResNet-18 and 34, which Keras does not have, with the weights of torchvision."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["ResNet18", "ResNet34", "decode_predictions", "preprocess_input"]

ResNet18 = Application("ResNet18", "resnet18")
ResNet34 = Application("ResNet34", "resnet34")
preprocess_input = PreprocessInput("resnet18")
