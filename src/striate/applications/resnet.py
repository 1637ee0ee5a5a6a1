"""ResNet-50, 101 and 152, as Keras has them."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]

ResNet50 = Application("ResNet50", "resnet50")
ResNet101 = Application("ResNet101", "resnet101")
ResNet152 = Application("ResNet152", "resnet152")
preprocess_input = PreprocessInput("resnet50")
