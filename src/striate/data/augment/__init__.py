"""Augmentation: pictures changed in training, as a function of (seed, epoch, sample).

A policy is a tuple of records; applied to a batch, it changes pictures, boxes and masks together:
`policy("standard")(batch, seed=0, epoch=3)`, or `model.fit(..., augment=policy("standard"))`.
"""

from striate.data.augment.color import Brightness, Contrast, Hue, Saturation
from striate.data.augment.erasing import Erasing
from striate.data.augment.flips import HorizontalFlip, VerticalFlip
from striate.data.augment.lighting import Lighting
from striate.data.augment.mixing import CutMix, MixUp
from striate.data.augment.named import POLICIES, policy
from striate.data.augment.policy import Policy
from striate.data.augment.rand_augment import RAND_AUGMENT_OPERATIONS, RandAugment
from striate.data.augment.random_resized_crop import RandomResizedCrop
from striate.data.augment.shift_scale_rotate import ShiftScaleRotate
from striate.data.augment.transform import Coloring, Geometric, Pixelwise, Transform
from striate.data.augment.views import views

__all__ = [
    "POLICIES",
    "RAND_AUGMENT_OPERATIONS",
    "Brightness",
    "Coloring",
    "Contrast",
    "CutMix",
    "Erasing",
    "Geometric",
    "HorizontalFlip",
    "Hue",
    "Lighting",
    "MixUp",
    "Pixelwise",
    "Policy",
    "RandAugment",
    "RandomResizedCrop",
    "Saturation",
    "ShiftScaleRotate",
    "Transform",
    "VerticalFlip",
    "policy",
    "views",
]
