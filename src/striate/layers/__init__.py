"""The layers, under Keras' names: NHWC in, NHWC out."""

from . import activations, initializers, regularizers
from .activation import Activation, LeakyReLU, ReLU, Softmax
from .aliases import AvgPool2D, Convolution2D, GlobalAvgPool2D, MaxPool2D
from .base import Layer, register_layer
from .conv import Conv2D
from .conv_transpose import Conv2DTranspose
from .dense import Dense
from .depthwise import DepthwiseConv2D
from .dropout import Dropout
from .function import Lambda, register_function
from .global_pooling import GlobalAveragePooling2D
from .merging import Add, Concatenate
from .normalization import BatchNormalization
from .pooling import AveragePooling2D, MaxPooling2D
from .preprocessing import CenterCrop, Rescaling, Resizing
from .reshaping import Flatten
from .separable import SeparableConv2D

__all__ = [
    "Activation",
    "Add",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Convolution2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "Lambda",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "ReLU",
    "Rescaling",
    "Resizing",
    "SeparableConv2D",
    "Softmax",
    "activations",
    "initializers",
    "register_function",
    "register_layer",
    "regularizers",
]
