"""MixUp and CutMix: two pictures of a batch made into one, and their targets too."""

from __future__ import annotations

import math
import random
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from striate import _check
from striate.data.augment.resample import blend
from striate.data.augment.transform import Transform
from striate.records import Batch

__all__ = ["CutMix", "MixUp", "Mixing"]


@dataclass(frozen=True)
class Mixing(Transform):
    """Base of MixUp and CutMix: the last picture of a batch is the first one's partner.

    The weight of a batch is a function of (seed, epoch, step), and the partner one of the place
    in the batch. (All other transforms are functions of (seed, epoch, sample).) Sample weights
    are mixed as targets are.

    Args:
        alpha: of the Beta(alpha, alpha) distribution of the weight: near 0 pictures are hardly
            mixed, at 1 every weight is as likely as any other.
        classes: number of classes, where targets are class numbers: they become (n, classes)
            probabilities, as `CategoricalCrossentropy` takes them. Default None: targets are
            probabilities already.
        p: part of the batches that are mixed.
    """

    alpha: float = 1.0
    classes: int | None = None

    stage = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        _check.positive(type(self).__name__, "alpha", self.alpha)
        if self.classes is not None:
            _check.positive_int(type(self).__name__, "classes", self.classes)

    def mix(self, batch: Batch, generator: random.Random) -> Batch:
        """The mixed batch.

        Args:
            batch: images (n, h, w, c) uint8.
            generator: of the batch's weight and place.

        Raises:
            ArgumentError: targets that cannot be mixed, or class numbers beyond `classes`.
        """
        targets = self._probabilities(batch.targets)
        weight = generator.betavariate(self.alpha, self.alpha)
        images, weight = self.join(batch.images, weight, generator)
        weights = None if batch.weights is None else _mixed(batch.weights, weight)
        return Batch(images, _mixed(targets, weight), weights, batch.sample_ids)

    @abstractmethod
    def join(self, images: Tensor, weight: float, generator: random.Random) -> tuple[Tensor, float]:
        """The pictures with their partners in them, and the weight that they keep themselves."""

    def soften(self, batch: Batch) -> Batch:
        """The batch as it is, with targets as in a mixed one."""
        targets = self._probabilities(batch.targets)
        return Batch(batch.images, targets, batch.weights, batch.sample_ids)

    def _probabilities(self, targets: Any) -> Tensor:
        place = type(self).__name__
        if not isinstance(targets, Tensor):
            rule = "be one tensor, of class numbers or of probabilities"
            _check.fail(place, "targets", rule, type(targets).__name__)
        if targets.is_floating_point():
            return targets
        if targets.dim() > 1 and math.prod(targets.shape[1:]) > 1:
            return targets.to(torch.get_default_dtype())
        if self.classes is None:
            fix = f"Give {place}(classes=…), or targets of one probability for each class."
            _check.fail(place, "classes", "be given where targets are class numbers", None, fix)
        numbers = targets.reshape(-1).to(torch.int64)
        if numbers.device.type == "cpu" and len(numbers):
            least, greatest = int(numbers.min()), int(numbers.max())
            if least < 0 or greatest >= self.classes:
                rule = f"be class numbers, 0 to {self.classes - 1}"
                _check.fail(place, "targets", rule, least if least < 0 else greatest)
        return F.one_hot(numbers, self.classes).to(torch.get_default_dtype())


@dataclass(frozen=True)
class MixUp(Mixing):
    """Each picture is a weighted mean of itself and its partner, and so are their targets.

    The weight is drawn once a batch from Beta(alpha, alpha), and the partner of a batch's sample i
    of n is n - 1 - i.

    Args:
        alpha: of the distribution, above 0. Default 0.2, as in the paper for ImageNet.
        classes: number of classes, where targets are class numbers. Default None.
        p: part of the batches that are mixed. Default 1.

    Raises:
        ArgumentError: alpha not above 0, classes below 1, p outside 0..1.

    Example:
        >>> MixUp(0.4).describe()
        'MixUp: two pictures laid over each other, weights of Beta(0.4, 0.4): 100 % of the batches.'

    Reference:
        Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR 2018, arXiv 1710.09412.
    """

    alpha: float = 0.2

    def join(self, images: Tensor, weight: float, generator: random.Random) -> tuple[Tensor, float]:
        return blend(images, images.flip(0), weight), weight

    def describe(self) -> str:
        a = f"{self.alpha:g}"
        return (
            f"MixUp: two pictures laid over each other, weights of Beta({a}, {a}): "
            f"{self.p * 100:.3g} % of the batches."
        )


@dataclass(frozen=True)
class CutMix(Mixing):
    """A rectangle of each picture is its partner's; targets are weighted by the areas.

    The rectangle has the picture's proportions and 1 - w of its area, for w drawn once a batch from
    Beta(alpha, alpha); its middle lies anywhere, and what sticks out is cut off. The partner of
    a batch's sample i of n is n - 1 - i.

    Args:
        alpha: of the distribution, above 0. Default 1, as in the paper.
        classes: number of classes, where targets are class numbers. Default None.
        p: part of the batches that are mixed. Default 1.

    Raises:
        ArgumentError: alpha not above 0, classes below 1, p outside 0..1.

    Example:
        >>> CutMix(p=0.5).describe()
        'CutMix: a rectangle of another picture, areas of Beta(1, 1): 50 % of the batches.'

    Reference:
        Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
        Features", ICCV 2019, arXiv 1905.04899.
    """

    def join(self, images: Tensor, weight: float, generator: random.Random) -> tuple[Tensor, float]:
        h, w = images.shape[1:3]
        side = math.sqrt(1.0 - weight)
        (top, bottom), (left, right) = (_stretch(generator.random(), side, size) for size in (h, w))
        y = images.clone()
        y[:, top:bottom, left:right] = images.flip(0)[:, top:bottom, left:right]
        return y, 1.0 - (bottom - top) * (right - left) / (h * w)

    def describe(self) -> str:
        a = f"{self.alpha:g}"
        return (
            f"CutMix: a rectangle of another picture, areas of Beta({a}, {a}): "
            f"{self.p * 100:.3g} % of the batches."
        )


def _stretch(place: float, side: float, size: int) -> tuple[int, int]:
    """(first, behind the last) pixel of a rectangle along one axis."""
    middle, half = int(place * size), int(side * size) // 2
    return max(middle - half, 0), min(middle + half, size)


def _mixed(values: Any, weight: float) -> Tensor:
    """Weighted means of rows and their partners."""
    own = torch.as_tensor(values)
    mixed: Tensor = own * weight + own.flip(0) * (1.0 - weight)
    return mixed
