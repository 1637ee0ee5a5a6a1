"""Policy: what happens to the pictures of a batch in training, as a function of their numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from striate import _check, structure
from striate.data.augment.flips import Flip
from striate.data.augment.matrices import identities, product
from striate.data.augment.mixing import Mixing
from striate.data.augment.resample import EDGE, REFLECTED, mirror, resample
from striate.data.augment.targets import ignore_lost, move_boxes, move_masks
from striate.data.augment.transform import Coloring, Geometric, Pixelwise, Transform
from striate.ops.random import draw_id, fold, streams, uniform_of
from striate.records import Batch, Boxes, Masks

__all__ = ["Policy"]

_GREY = 127


@dataclass(frozen=True)
class Policy:
    """Transforms of pictures for training, applied to whole batches: `policy(batch, ...)`.

    Each sample's draws are a function of (seed, epoch, sample) and of the place and name of a
    transform in the policy: no matter in which batch a sample stands, how many threads there are,
    or whether the run was interrupted. (MixUp and CutMix join the samples of a batch, and are
    functions of the batch's place in the epoch.) All geometric transforms together read a picture
    once, bilinearly, and all colour transforms together round it once. Boxes and masks move along.

    Args:
        transforms: in the order in which they are applied: geometric ones, colours, RandAugment,
            Erasing, MixUp or CutMix.
        outside: what is seen beside a picture: "reflected", "edge" (its last pixels go on) or a
            grey of 0..255. Default None: reflected; but 127 where there are boxes or masks, which
            know nothing of reflected things.
        kept: part of a moved box's area that must stay inside; other boxes are dropped. Default
            0.25.

    Raises:
        ArgumentError: something else than transforms, another order, shares of mixed batches that
            are more than 1 together, an unknown `outside`, kept outside 0..1.

    Example:
        >>> from striate.data.augment import HorizontalFlip
        >>> images = torch.tensor([[[[1], [2]]]], dtype=torch.uint8)
        >>> batch = Batch(images, sample_ids=torch.arange(1))
        >>> Policy((HorizontalFlip(p=1.0),))(batch, seed=0, epoch=0).images.flatten().tolist()
        [2, 1]
    """

    transforms: tuple[Transform, ...] = ()
    outside: str | int | None = None
    kept: float = 0.25

    def __post_init__(self) -> None:
        place = "Policy"
        object.__setattr__(self, "transforms", tuple(self.transforms))
        for each in self.transforms:
            if not isinstance(each, Transform):
                fix = "For example Policy((HorizontalFlip(), Brightness(0.2)))."
                _check.fail(place, "transforms", "hold transforms", each, fix)
        stages = [each.stage for each in self.transforms]
        if stages != sorted(stages):
            rule = (
                "stand in the order in which they are applied: geometric ones, colours, "
                "RandAugment, Erasing, MixUp and CutMix"
            )
            got = [type(each).__name__ for each in self.transforms]
            _check.fail(place, "transforms", rule, got)
        mixed = sum(each.p for each in self.transforms if isinstance(each, Mixing))
        if mixed > 1.0:
            rule = "mix a batch once at most, so that the p of MixUp and CutMix are 1 together"
            _check.fail(place, "transforms", rule, mixed, "For example p=0.5 for each.")
        if isinstance(self.outside, str):
            _check.choice(place, "outside", self.outside, (REFLECTED, EDGE))
        elif self.outside is not None:
            _check.number(place, "outside", self.outside, 0, 255)
        _check.number(place, "kept", self.kept, 0.0, 1.0)

    def __call__(self, batch: Batch, *, seed: int, epoch: int, step: int = 0) -> Batch:
        """The batch as it is trained on.

        Args:
            batch: images (n, h, w, c) uint8, with sample ids. It is left as it is.
            seed: of the run.
            epoch: number of the epoch.
            step: number of the batch in the epoch, which only MixUp and CutMix depend on.

        Raises:
            ArgumentError: images of another type or shape, no sample ids, targets that cannot be
                mixed.
        """
        if not self.transforms:
            return batch
        images = _pictures(batch)
        if batch.sample_ids is None:
            fix = "Let a Loader make the batches, or number the samples."
            _check.fail("augment", "batch", "have sample ids, the key of the draws", None, fix)
        size = (images.shape[1], images.shape[2])
        samples = streams(fold(seed, epoch), batch.sample_ids.to(images.device))
        drawn = [self._drawn(samples, place) for place in range(len(self.transforms))]
        matrices, maps = self._matrices(drawn, size), self._maps(drawn)
        images = self._seen(images, matrices, maps, batch.targets)
        targets = batch.targets
        if matrices is not None:
            move = partial(_moved, matrices=matrices, size=size, kept=self.kept)
            targets = structure.map_leaves(move, targets)
        for each, u in zip(self.transforms, drawn, strict=True):
            if isinstance(each, Pixelwise):
                images, lost = _pixelwise(each, images, u)
                if lost is not None:
                    targets = structure.map_leaves(partial(_without, lost=lost), targets)
        changed = Batch(images, targets, batch.weights, batch.sample_ids)
        return self._mixed(changed, random.Random(fold(seed, epoch, step) & (1 << 64) - 1))

    def describe(self) -> str:
        """What happens to a picture, one sentence a line, in order."""
        if not self.transforms:
            return "Pictures are trained on as they are."
        return "\n".join(each.describe() for each in self.transforms)

    def _drawn(self, samples: Tensor, place: int) -> Tensor:
        """(n, draws) numbers in [0, 1), float64, for the transform at a place."""
        each = self.transforms[place]
        name = draw_id(f"{place} {type(each).__name__}")
        return uniform_of(samples, name, (each.draws,)).to(torch.float64)

    def _matrices(self, drawn: list[Tensor], size: tuple[int, int]) -> Tensor | None:
        """Where the pixels of the results come from; None if nothing moves them."""
        total = None
        for each, u in zip(self.transforms, drawn, strict=True):
            if isinstance(each, Geometric):
                own = _sometimes(each.matrices(u, size), u, each.p)
                total = own if total is None else product(total, own)
        return total

    def _maps(self, drawn: list[Tensor]) -> Tensor | None:
        """What becomes of colours; None if nothing changes them."""
        total = None
        for each, u in zip(self.transforms, drawn, strict=True):
            if isinstance(each, Coloring):
                own = _sometimes(each.maps(u), u, each.p)
                total = own if total is None else product(own, total)
        return total

    def _seen(
        self, images: Tensor, matrices: Tensor | None, maps: Tensor | None, targets: Any
    ) -> Tensor:
        """The pictures after geometry and colours."""
        moving = [each for each in self.transforms if isinstance(each, Geometric)]
        if matrices is not None and all(isinstance(each, Flip) for each in moving):
            images, matrices = mirror(images, matrices), None
        if matrices is None and maps is None:
            return images
        outside = self.outside
        if outside is None:
            placed = any(isinstance(leaf, Boxes | Masks) for leaf in structure.leaves(targets))
            outside = _GREY if placed else REFLECTED
        return resample(images, matrices, maps, outside=outside)

    def _mixed(self, batch: Batch, generator: random.Random) -> Batch:
        """The batch mixed by one of the transforms that mix, or by none."""
        mixing = [each for each in self.transforms if isinstance(each, Mixing)]
        chance, until = generator.random(), 0.0
        for each in mixing:
            until += each.p
            if chance < until:
                return each.mix(batch, generator)
        return mixing[0].soften(batch) if mixing else batch


def _pictures(batch: Batch) -> Tensor:
    """The images, if they are what can be augmented."""
    images = batch.images
    if not isinstance(images, Tensor):
        rule = "be one tensor of pictures"
        _check.fail("augment", "images", rule, type(images).__name__)
    _check.rank("augment", images.shape, 4, "(n, h, w, c)")
    if images.dtype != torch.uint8:
        fix = "Give numbers of 0..255 as uint8, and let a Rescaling layer divide them."
        _check.fail("augment", "images", "be uint8", images.dtype, fix)
    return images


def _sometimes(changed: Tensor, drawn: Tensor, p: float) -> Tensor:
    """The matrices for the pictures that are changed, the identity for the others."""
    if p == 1.0:
        return changed
    return torch.where(
        (drawn[:, 0] < p)[:, None, None], changed, identities(drawn, changed.shape[1])
    )


def _pixelwise(each: Pixelwise, images: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor | None]:
    """The pictures, some of them changed, and where pixels (n, h, w) lost what they showed."""
    if each.p == 1.0:
        return each.change(images, drawn)
    rows = (drawn[:, 0] < each.p).nonzero()[:, 0]
    changed, lost_there = each.change(images[rows], drawn[rows])
    images = images.index_copy(0, rows, changed)
    if lost_there is None:
        return images, None
    lost = torch.zeros(images.shape[:3], dtype=torch.bool, device=images.device)
    return images, lost.index_copy(0, rows, lost_there)


def _moved(leaf: Any, matrices: Tensor, size: tuple[int, int], kept: float) -> Any:
    """Targets that have places, moved along with their pictures."""
    if isinstance(leaf, Boxes):
        return move_boxes(leaf, matrices, size, kept=kept)
    return move_masks(leaf, matrices) if isinstance(leaf, Masks) else leaf


def _without(leaf: Any, lost: Tensor) -> Any:
    """Targets that know which pixels lost what they showed."""
    return ignore_lost(leaf, lost) if isinstance(leaf, Masks) else leaf
