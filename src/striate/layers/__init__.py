"""The layers, under Keras' names: NHWC in, NHWC out."""

from . import activations, initializers, regularizers
from .activation import Activation, LeakyReLU, ReLU, Softmax
from .adaptive_pooling import AdaptiveAveragePooling2D
from .aliases import AvgPool2D, Convolution2D, GlobalAvgPool2D, GlobalMaxPool2D, MaxPool2D
from .base import Layer, register_layer
from .channel_padding import ZeroChannels
from .conv import Conv2D
from .conv_transpose import Conv2DTranspose
from .dense import Dense
from .depth_pooling import DepthPooling2D
from .depthwise import DepthwiseConv2D
from .dropout import Dropout, SpatialDropout2D
from .feature_normalization import Normalization
from .function import Lambda, register_function
from .global_pooling import GlobalAveragePooling2D, GlobalMaxPooling2D
from .group_normalization import GroupNormalization
from .layer_normalization import LayerNormalization
from .layer_scale import LayerScale
from .local_response_normalization import LocalResponseNormalization
from .merging import Add, Average, Concatenate, Maximum, Multiply, Subtract
from .normalization import BatchNormalization
from .padding import Cropping2D, ZeroPadding2D
from .pooling import AveragePooling2D, MaxPooling2D
from .preprocessing import CenterCrop, Rescaling, Resizing
from .radial_basis import RadialBasis
from .random_color import RandomBrightness, RandomContrast
from .random_crop import RandomCrop
from .random_geometry import RandomFlip, RandomRotation, RandomTranslation, RandomZoom
from .reshaping import Flatten, Permute, Reshape
from .separable import SeparableConv2D
from .squeeze_excite import SqueezeExcite
from .stochastic_depth import StochasticDepth
from .taking_channels import TakeChannels
from .upsampling import PixelShuffle, UpSampling2D

__all__ = [
    "Activation",
    "AdaptiveAveragePooling2D",
    "Add",
    "Average",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Convolution2D",
    "Cropping2D",
    "Dense",
    "DepthPooling2D",
    "DepthwiseConv2D",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LayerScale",
    "LeakyReLU",
    "LocalResponseNormalization",
    "MaxPool2D",
    "MaxPooling2D",
    "Maximum",
    "Multiply",
    "Normalization",
    "Permute",
    "PixelShuffle",
    "RadialBasis",
    "RandomBrightness",
    "RandomContrast",
    "RandomCrop",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv2D",
    "Softmax",
    "SpatialDropout2D",
    "SqueezeExcite",
    "StochasticDepth",
    "Subtract",
    "TakeChannels",
    "UpSampling2D",
    "ZeroChannels",
    "ZeroPadding2D",
    "activations",
    "initializers",
    "register_function",
    "register_layer",
    "regularizers",
]
