"""The other names under which the books call some layers: the same classes."""

from __future__ import annotations

from .conv import Conv2D
from .global_pooling import GlobalAveragePooling2D, GlobalMaxPooling2D
from .pooling import AveragePooling2D, MaxPooling2D

__all__ = ["AvgPool2D", "Convolution2D", "GlobalAvgPool2D", "GlobalMaxPool2D", "MaxPool2D"]

AvgPool2D = AveragePooling2D
Convolution2D = Conv2D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalMaxPool2D = GlobalMaxPooling2D
MaxPool2D = MaxPooling2D
