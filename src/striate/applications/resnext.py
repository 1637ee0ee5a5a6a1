"""ResNeXt, with the weights of torchvision."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["ResNeXt50", "ResNeXt101", "decode_predictions", "preprocess_input"]

ResNeXt50 = Application("ResNeXt50", "resnext50_32x4d")
ResNeXt101 = Application("ResNeXt101", "resnext101_32x8d")
preprocess_input = PreprocessInput("resnext50_32x4d")
