"""Batches by striate's Loader: pictures of files are cached, arrays are indexed."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version

import numpy as np
import torch

import striate
from benchmarks.contenders.input import BATCH, MEMORY_BATCH, SIZE, Input, jpegs
from striate import settings
from striate.data import ArraySource, Loader, PictureSource
from striate.records import Preprocess


class Folder(Input):
    """JPEGs to batches.

    Args:
        keep: of an earlier epoch "nothing", the cached "files", or the "source" that has them.
    """

    def prepare(self, *, keep: str) -> None:
        torch.set_num_threads(self.threads)
        os.environ["STRIATE_CACHE"] = self.cache
        self.keep, self.source, self.number = keep, None, 0

    def forget(self) -> None:
        self.number += 1
        if self.keep != "source":
            self.source = None
        if self.keep == "nothing":
            shutil.rmtree(settings.cache_folder(), ignore_errors=True)

    def count(self) -> int:
        if self.source is None:
            how = Preprocess(SIZE, channels=3)
            self.source = PictureSource(jpegs(self.folder), preprocess=how)
        batches = Loader(self.source, BATCH, shuffle=True).epoch(self.number)
        return sum(len(batch) for batch in batches)

    def versions(self) -> dict[str, str]:
        return {"striate": striate.__version__, "simplejpeg": version("simplejpeg")}


class Memory(Input):
    """Arrays to batches."""

    def prepare(self) -> None:
        torch.set_num_threads(self.threads)
        with np.load(self.folder) as kept:
            source = ArraySource(kept["x"], kept["y"])
        self.loader, self.number = Loader(source, MEMORY_BATCH, shuffle=True), 0

    def forget(self) -> None:
        self.number += 1

    def count(self) -> int:
        return sum(len(batch) for batch in self.loader.epoch(self.number))

    def versions(self) -> dict[str, str]:
        return {"striate": striate.__version__}
