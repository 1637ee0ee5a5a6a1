"""EfficientNet B0 to B7, as Keras has them: they take pixels of 0 to 255."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = [
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "decode_predictions",
    "preprocess_input",
]

EfficientNetB0 = Application("EfficientNetB0", "efficientnet_b0")
EfficientNetB1 = Application("EfficientNetB1", "efficientnet_b1")
EfficientNetB2 = Application("EfficientNetB2", "efficientnet_b2")
EfficientNetB3 = Application("EfficientNetB3", "efficientnet_b3")
EfficientNetB4 = Application("EfficientNetB4", "efficientnet_b4")
EfficientNetB5 = Application("EfficientNetB5", "efficientnet_b5")
EfficientNetB6 = Application("EfficientNetB6", "efficientnet_b6")
EfficientNetB7 = Application("EfficientNetB7", "efficientnet_b7")
preprocess_input = PreprocessInput("efficientnet_b0")
