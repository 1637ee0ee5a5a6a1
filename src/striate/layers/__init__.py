"""The layers, under Keras' names: NHWC in, NHWC out."""

from . import activations, initializers, regularizers
from .base import Layer, register_layer
from .conv import Conv2D

__all__ = ["Conv2D", "Layer", "activations", "initializers", "register_layer", "regularizers"]
