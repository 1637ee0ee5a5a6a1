"""Nets of torchvision and timm that ours are held to: how theirs is made, and what it said.

Neither can be installed beside the PyTorch of the tests everywhere. So `make_goldens.py` asks them
once, where they can be, and tests compare with the numbers that it wrote.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tests.architectures.moving import answers, pictures, randomise, still

from striate.architectures import ARCHITECTURES
from striate.models.foreign_state import foreign_state

GOLDENS = Path(__file__).with_name("goldens")
CLASSES = 7


@dataclass(frozen=True)
class Peer:
    """One net of a peer beside ours.

    Args:
        library: "torchvision" or "timm".
        theirs: its name there.
        architecture: its name here. Default "": the same.
        dialect: in which ours is written. Default "": that of the library.
        options: by which theirs is made, beside the number of classes.
        side_px: of the pictures.
        is_long: whether it has so many weights that only the long tests ask it.
        drawn: fills ours with the weights that are the same everywhere.
    """

    library: str
    theirs: str
    architecture: str = ""
    dialect: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    side_px: int = 64
    is_long: bool = False
    drawn: Callable[[Any], Any] = randomise

    def __str__(self):
        return f"{self.library}-{self.theirs}"

    @property
    def name(self):
        """Of our architecture."""
        return self.architecture or self.theirs

    @property
    def written(self):
        """The dialect of ours."""
        return self.dialect or self.library

    @property
    def golden(self):
        """What theirs said."""
        return json.loads((GOLDENS / f"{self}.json").read_text(encoding="utf-8"))

    def net(self):
        """Ours, with the weights that are the same everywhere: 7 classes, logits."""
        build = ARCHITECTURES.get(self.architecture or self.theirs)
        shape = (self.side_px, self.side_px, 3)
        dialect = self.dialect or self.library
        return self.drawn(still(build(shape, CLASSES, classifier_activation=None, dialect=dialect)))

    def pictures(self):
        return pictures(3, self.side_px, self.side_px, 3)

    def their_state(self):
        """Our weights as theirs has them."""
        return foreign_state(self.net(), self.library)

    def our_answers(self):
        """What ours says in inference and training, and sums of what its statistics became."""
        return summed(*answers(self.net(), self.pictures()))


def plain(key):
    """A state name without the box that holds a model's layers."""
    return key.removeprefix("_layers.")


def summed(said, trained, running):
    """Answers as a record: the numbers, and the sum of the moving means.

    torch's moving variances are those of the unbiased variance, ours of the biased one, as Keras'.
    """
    means = [v.astype(np.float64).sum() for k, v in running.items() if "running_mean" in k]
    return {
        "inference": said.tolist(),
        "training": trained.tolist(),
        "running_mean": float(np.sum(means)),
    }
