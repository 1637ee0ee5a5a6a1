"""The networks of the texts, one file a paper; each is built by calling its name."""

from .cspnet import CSPNet, cspdarknet53, cspresnet50, cspresnext50
from .darknet import Darknet, darknet53
from .mobilenet import MobileNet, mobilenet_v1, mobilenet_v1_025, mobilenet_v1_050, mobilenet_v1_075
from .mobilenet_v2 import MobileNetV2, mobilenet_v2
from .registry import ARCHITECTURES, Architecture
from .resnet import (
    CifarResNet,
    ResNet,
    resnet18,
    resnet20,
    resnet32,
    resnet34,
    resnet44,
    resnet50,
    resnet56,
    resnet101,
    resnet110,
    resnet152,
)
from .resnet_v2 import (
    CifarResNetV2,
    ResNetV2,
    resnet50_v2,
    resnet101_v2,
    resnet152_v2,
    resnet164_v2,
    resnet200_v2,
    resnet1001_v2,
)

__all__ = [
    "ARCHITECTURES",
    "Architecture",
    "CSPNet",
    "CifarResNet",
    "CifarResNetV2",
    "Darknet",
    "MobileNet",
    "MobileNetV2",
    "ResNet",
    "ResNetV2",
    "cspdarknet53",
    "cspresnet50",
    "cspresnext50",
    "darknet53",
    "mobilenet_v1",
    "mobilenet_v1_025",
    "mobilenet_v1_050",
    "mobilenet_v1_075",
    "mobilenet_v2",
    "resnet18",
    "resnet20",
    "resnet32",
    "resnet34",
    "resnet44",
    "resnet50",
    "resnet50_v2",
    "resnet56",
    "resnet101",
    "resnet101_v2",
    "resnet110",
    "resnet152",
    "resnet152_v2",
    "resnet164_v2",
    "resnet200_v2",
    "resnet1001_v2",
]
