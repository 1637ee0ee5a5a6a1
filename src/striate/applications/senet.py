"""SE-ResNet, SE-ResNeXt and SENet-154, with the weights that timm has."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = [
    "SENet154",
    "SEResNeXt50",
    "SEResNet50",
    "SEResNet101",
    "SEResNet152",
    "decode_predictions",
    "preprocess_input",
]

SEResNet50 = Application("SEResNet50", "se_resnet50")
SEResNet101 = Application("SEResNet101", "se_resnet101")
SEResNet152 = Application("SEResNet152", "se_resnet152")
SEResNeXt50 = Application("SEResNeXt50", "se_resnext50_32x4d")
SENet154 = Application("SENet154", "senet154")
preprocess_input = PreprocessInput("se_resnet50")
