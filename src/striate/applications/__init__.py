"""Trained nets: an architecture, its published weights, their preprocessing and class names.

Each module is called as in Keras: `striate.applications.resnet50.ResNet50(weights="imagenet")`,
`.preprocess_input` and `.decode_predictions`.
"""

from . import (
    alexnet,
    convnext,
    cspnet,
    darknet,
    densenet,
    efficientnet,
    efficientnet_lite,
    efficientnet_v2,
    googlenet,
    inception_v3,
    mobilenet,
    mobilenet_v2,
    mobilenet_v3,
    resnet,
    resnet34,
    resnet50,
    resnet_v2,
    resnext,
    senet,
    squeezenet,
    vgg16,
    vgg19,
    xception,
)
from .alexnet import AlexNet
from .convnext import ConvNeXtTiny
from .cspnet import CSPDarknet53, CSPResNet50, CSPResNeXt50
from .darknet import Darknet53
from .densenet import DenseNet121, DenseNet169, DenseNet201
from .efficientnet import (
    EfficientNetB0,
    EfficientNetB1,
    EfficientNetB2,
    EfficientNetB3,
    EfficientNetB4,
    EfficientNetB5,
    EfficientNetB6,
    EfficientNetB7,
)
from .efficientnet_lite import EfficientNetLite0
from .efficientnet_v2 import EfficientNetV2S
from .googlenet import GoogLeNet
from .inception_v3 import InceptionV3
from .mobilenet import MobileNet
from .mobilenet_v2 import MobileNetV2
from .mobilenet_v3 import MobileNetV3Large, MobileNetV3Small
from .pretrained import Pretrained, pretrained
from .resnet import ResNet50, ResNet101, ResNet152
from .resnet34 import ResNet18, ResNet34
from .resnet_v2 import ResNet50V2, ResNet101V2, ResNet152V2
from .resnext import ResNeXt50, ResNeXt101
from .senet import (
    SENet154,
    SEResNet50,
    SEResNet101,
    SEResNet152,
    SEResNeXt50,
)
from .squeezenet import SqueezeNet, SqueezeNet11
from .vgg16 import VGG16
from .vgg19 import VGG19
from .xception import Xception

__all__ = [
    "VGG16",
    "VGG19",
    "AlexNet",
    "CSPDarknet53",
    "CSPResNeXt50",
    "CSPResNet50",
    "ConvNeXtTiny",
    "Darknet53",
    "DenseNet121",
    "DenseNet169",
    "DenseNet201",
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "EfficientNetLite0",
    "EfficientNetV2S",
    "GoogLeNet",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Large",
    "MobileNetV3Small",
    "Pretrained",
    "ResNeXt50",
    "ResNeXt101",
    "ResNet18",
    "ResNet34",
    "ResNet50",
    "ResNet50V2",
    "ResNet101",
    "ResNet101V2",
    "ResNet152",
    "ResNet152V2",
    "SENet154",
    "SEResNeXt50",
    "SEResNet50",
    "SEResNet101",
    "SEResNet152",
    "SqueezeNet",
    "SqueezeNet11",
    "Xception",
    "alexnet",
    "convnext",
    "cspnet",
    "darknet",
    "densenet",
    "efficientnet",
    "efficientnet_lite",
    "efficientnet_v2",
    "googlenet",
    "inception_v3",
    "mobilenet",
    "mobilenet_v2",
    "mobilenet_v3",
    "pretrained",
    "resnet",
    "resnet34",
    "resnet50",
    "resnet_v2",
    "resnext",
    "senet",
    "squeezenet",
    "vgg16",
    "vgg19",
    "xception",
]
