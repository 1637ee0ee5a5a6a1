"""DenseNet-121, 169 and 201, as Keras has them."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

DenseNet121 = Application("DenseNet121", "densenet121")
DenseNet169 = Application("DenseNet169", "densenet169")
DenseNet201 = Application("DenseNet201", "densenet201")
preprocess_input = PreprocessInput("densenet121")
