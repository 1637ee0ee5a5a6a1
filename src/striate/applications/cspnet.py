"""CSPResNet-50, CSPResNeXt-50 and CSPDarknet-53, with the weights of timm."""

from __future__ import annotations

from .application import Application
from .decoding import decode_predictions
from .preprocessing import PreprocessInput

__all__ = ["CSPDarknet53", "CSPResNeXt50", "CSPResNet50", "decode_predictions", "preprocess_input"]

CSPResNet50 = Application("CSPResNet50", "cspresnet50")
CSPResNeXt50 = Application("CSPResNeXt50", "cspresnext50")
CSPDarknet53 = Application("CSPDarknet53", "cspdarknet53")
preprocess_input = PreprocessInput("cspresnet50")
