"""The policies that have names."""

from __future__ import annotations

from striate import _check
from striate.data.augment.color import Brightness, Contrast, Hue, Saturation
from striate.data.augment.erasing import Erasing
from striate.data.augment.flips import HorizontalFlip
from striate.data.augment.mixing import CutMix, MixUp
from striate.data.augment.policy import Policy
from striate.data.augment.rand_augment import RandAugment
from striate.data.augment.random_resized_crop import RandomResizedCrop
from striate.data.augment.shift_scale_rotate import ShiftScaleRotate
from striate.data.augment.transform import Transform

__all__ = ["POLICIES", "policy"]

POLICIES: dict[str, tuple[Transform, ...]] = {
    "none": (),
    "light": (
        HorizontalFlip(),
        ShiftScaleRotate(shift=0.06, scale=0.06),
    ),
    "standard": (
        HorizontalFlip(),
        ShiftScaleRotate(shift=0.1, scale=0.15, rotate=12.0),
        Brightness(0.2),
        Contrast(0.2),
        Saturation(0.2),
        Erasing((0.02, 0.2), p=0.25),
    ),
    "strong": (
        HorizontalFlip(),
        RandomResizedCrop((0.25, 1.0)),
        Hue(0.03),
        RandAugment(2, 9.0),
        Erasing((0.02, 0.33), p=0.25),
    ),
}


def policy(name: str, *, mirror: bool = True, classes: int | None = None) -> Policy:
    """A policy by its name.

    "light" mirrors, moves and zooms a little; "standard" also turns, changes colours and erases;
    "strong" cuts windows, draws RandAugment's operations and, where the number of classes is
    given, mixes half of the batches by MixUp or CutMix; "none" leaves pictures as they are.

    Args:
        name: "none", "light", "standard" or "strong".
        mirror: whether left and right may change places. False for what has a side: letters,
            digits, signs.
        classes: number of classes, with which "strong" also mixes pictures: targets are then
            (n, classes) probabilities. Default None: it does not.

    Raises:
        ArgumentError: an unknown name, classes below 1.

    Example:
        >>> print(policy("light").describe())
        Left and right change places in 50 % of the pictures.
        Moved by up to 6 % of the sides and zoomed to 0.94 to 1.06 of their size: every picture.
    """
    transforms = POLICIES[_check.choice("policy", "name", name, POLICIES)]
    if not _check.flag("policy", "mirror", mirror):
        transforms = tuple(each for each in transforms if not isinstance(each, HorizontalFlip))
    if classes is not None:
        count = _check.positive_int("policy", "classes", classes)
        if name == "strong":
            mixing = (MixUp(0.2, classes=count, p=0.25), CutMix(1.0, classes=count, p=0.25))
            transforms = (*transforms, *mixing)
    return Policy(transforms)
