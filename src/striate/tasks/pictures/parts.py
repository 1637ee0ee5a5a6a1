"""Labelled pictures in parts: to train on, to validate with, to test with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from striate.data import Loader, Source, Subset
from striate.records import Preprocess

__all__ = ["ClassData", "Part", "target_tensor"]


@dataclass(frozen=True)
class Part:
    """Some labelled pictures.

    Args:
        source: of the pictures, uint8, of one size, with their targets.
        labels: (n,) class number of each; or (n, q) 0 and 1, where a picture may have several.
        names: what each is called: its path, or its number in the data set.
    """

    source: Source
    labels: npt.NDArray[Any]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def notes(self) -> tuple[str, ...]:
        """What happened while pictures were read that the user should know, in sentences."""
        return tuple(getattr(self.source, "notes", ()))

    def batches(
        self,
        batch_size: int,
        preprocess: Preprocess,
        *,
        shuffle: bool = False,
        seed: int = 0,
        balance: Any = None,
        classes: int | None = None,
    ) -> Loader:
        """The pictures in batches that carry their preprocessing.

        Args:
            batch_size, preprocess, shuffle, seed, balance: as of `Loader`.
            classes: how many there are, where class numbers shall become (n, classes)
                probabilities. Default None: targets stay what they are.
        """
        source = self.source
        if classes is not None and self.labels.ndim == 1:
            rows = torch.eye(classes)[torch.from_numpy(self.labels)]
            source = Subset(source, np.arange(len(self)), targets=rows)
        return Loader(
            source, batch_size, shuffle=shuffle, seed=seed, preprocess=preprocess, balance=balance
        )

    def counts(self, classes: int) -> npt.NDArray[np.int64]:
        """(classes,) how many pictures of each class there are."""
        if self.labels.ndim == 2:
            return np.asarray(self.labels.sum(axis=0), np.int64)
        return np.bincount(self.labels, minlength=classes)


@dataclass(frozen=True)
class ClassData:
    """Labelled pictures for a classification, ready to be fetched.

    Args:
        name: of the data set or folder, fit for a file name.
        class_names: in the order of the class numbers.
        preprocess: from pictures to the numbers 0..1 of one size.
        parts: "train", and "validation" and "test" where there are.
        manifest: what it is made of, as JSON can hold it.
        found: what was found, in sentences for the user.
        warnings: what the reader of the scores must know, in sentences.
        mirrors: whether a mirrored picture may be one of its class: not so for digits.
    """

    name: str
    class_names: tuple[str, ...]
    preprocess: Preprocess
    parts: dict[str, Part]
    manifest: dict[str, Any]
    found: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    mirrors: bool = True

    @property
    def held_out(self) -> str:
        """The part that scores are measured on: the test part, else the validation part."""
        return "test" if "test" in self.parts else "validation"

    @property
    def several(self) -> bool:
        """Whether a picture may have several classes, or none."""
        return self.parts["train"].labels.ndim == 2

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """(q,) training pictures of each class."""
        return self.parts["train"].counts(len(self.class_names))

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(h, w, c) of the pictures as the net gets them."""
        images, _, _ = self.parts["train"].source.fetch(np.zeros(1, np.int64))
        return int(images.shape[1]), int(images.shape[2]), int(images.shape[3])


def target_tensor(labels: npt.NDArray[Any]) -> torch.Tensor:
    """Labels as the loss takes them: class numbers, or rows of 0.0 and 1.0.

    Example:
        >>> target_tensor(np.array([[0, 1]])).dtype, target_tensor(np.array([1])).dtype
        (torch.float32, torch.int64)
    """
    return torch.from_numpy(labels.astype(np.float32 if labels.ndim == 2 else np.int64))
