"""Checkpoint: where and when a run is saved, so that a killed one goes on bit for bit."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from .. import _check
from .save_times import Every, SaveTimes

__all__ = ["Checkpoint"]


class Checkpoint:
    """Where and when `fit` saves the run: weights, optimizer, averages, callbacks, place.

    The tensors are copied between two steps, and written beside the training; each checkpoint is a
    folder that is whole or not there. A run is also saved when it ends, and when Ctrl-C or SIGTERM
    stops it. Within the scope that is written with it (versions, processor or GPU, threads, number
    types) a run that goes on gives the bits of one that was never stopped.

    Args:
        folder: of the checkpoints of one run; it is made if it is not there.
        every: "epoch"; a number of steps; a time such as "60s", "5min" or "1h"; or several in a
            list, or in one text with commas. Default "epoch".
        keep: how many of the last ones are kept, beside the one with the lowest loss. Default 2.
        say: told in sentences what is resumed and what is odd about it. Default None: the logger
            "striate" gets them as warnings.
        saved: called with the folder of each checkpoint once the disk has it, from the thread
            that writes. Default None.

    Raises:
        ArgumentError: `every` is no such rule, or keep is not a whole number of at least 1.

    Example:
        >>> import numpy as np, striate
        >>> def run(epochs):
        ...     model = striate.Sequential([striate.layers.Dense(2, "softmax", input_shape=(3,))])
        ...     model.compile("adam", loss="sparse_categorical_crossentropy")
        ...     checkpoint = Checkpoint("run/checkpoints", say=lambda sentence: None)
        ...     return model.fit(np.eye(3), [0, 1, 1], epochs=epochs, seed=0, verbose=0,
        ...                      checkpoint=checkpoint, resume="auto")
        >>> len(run(epochs=2).epoch), len(run(epochs=5).epoch)
        (2, 5)
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        every: Every = "epoch",
        *,
        keep: int = 2,
        say: Callable[[str], object] | None = None,
        saved: Callable[[Path], object] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.times = SaveTimes.read(every)
        self.keep = _check.positive_int("Checkpoint", "keep", keep)
        self.say = say or logging.getLogger("striate").warning
        self.saved = saved
