"""EfficientNet-Lite0, with weights that a package brings: no network is needed."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["EfficientNetLite0", "decode_predictions", "preprocess_input"]

EfficientNetLite0 = Application("EfficientNetLite0", "efficientnet_lite0")
preprocess_input = PreprocessInput("efficientnet_lite0")
