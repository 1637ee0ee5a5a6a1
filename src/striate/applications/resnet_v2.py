"""ResNet v2 of 50, 101 and 152 layers, as Keras has them."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]

ResNet50V2 = Application("ResNet50V2", "resnet50_v2")
ResNet101V2 = Application("ResNet101V2", "resnet101_v2")
ResNet152V2 = Application("ResNet152V2", "resnet152_v2")
preprocess_input = PreprocessInput("resnet50_v2")
