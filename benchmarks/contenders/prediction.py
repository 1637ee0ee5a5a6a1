"""The prediction job that every library does its own way, on the weights of a reference."""

from __future__ import annotations

import statistics
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

WARM_CALLS = 3


class Prediction(ABC):
    """A net with the weights of `reference.py`, and a batch that it is asked about.

    Args:
        net: its name.
        folder: with weights, pictures and answers of the reference.
        batch: pictures a call.
        threads: that may compute.
        settings: of the contender, such as the precision.
    """

    def __init__(self, net: str, folder: str, batch: int, *, threads: int, **settings: Any) -> None:
        self.net, self.folder, self.batch, self.threads = net, Path(folder), batch, threads
        self.x = np.load(self.folder / "x.npy")[:batch]
        self.prepare(**settings)

    @abstractmethod
    def prepare(self, **settings: Any) -> None:
        """Makes the net, and brings the pictures into the form that the library takes."""

    @abstractmethod
    def answer(self) -> Any:
        """The outputs for the batch: this is timed."""

    @abstractmethod
    def versions(self) -> dict[str, str]:
        """Package -> version."""

    def difference(self) -> float:
        """max|a - b| / max|b| to the reference's answers, which were computed in float64."""
        wanted = np.load(self.folder / "y.npy")[: self.batch]
        found = np.asarray(self.answer(), dtype="float64")
        for _ in range(WARM_CALLS):
            self.answer()
        return float(np.abs(found - wanted).max() / np.abs(wanted).max())

    def answered(self) -> int:
        """The number of outputs of one call."""
        return len(np.asarray(self.answer()))

    def measure(self, seconds: float) -> float:
        """Milliseconds a call: the median of about so many seconds of calls, at least three."""
        spent, times = 0.0, []
        while spent < seconds or len(times) < WARM_CALLS:
            started = time.perf_counter()
            self.answer()
            times.append(time.perf_counter() - started)
            spent += times[-1]
        return 1e3 * statistics.median(times)

    def arrays(self) -> list[tuple[str, list[np.ndarray]]]:
        """The weights as (name, [array, …]) in the order of the layers and in Keras' forms."""
        with np.load(self.folder / "weights.npz") as kept:
            names = list(dict.fromkeys(key.partition("/")[0] for key in kept.files))
            return [
                (name, [kept[key] for key in kept.files if key.startswith(f"{name}/")])
                for name in names
            ]
