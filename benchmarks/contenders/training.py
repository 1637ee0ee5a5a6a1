"""The training job that every library does its own way: what is timed, and what is asked first."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

WARM_BATCHES = 3


def resident(entry: str) -> float:
    """MiB of this process by an entry of the system's table: VmRSS now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(entry))


class Training(ABC):
    """A net that learns from pictures of a file.

    Args:
        net: its name.
        pictures: path of an .npz with x, y, x_test, y_test; x in uint8, NHWC.
        batch: pictures a step.
        seed: of weights and order.
        threads: that may compute.
        device: "cpu", or "cuda" where the contender can.
        settings: of the contender, such as the precision.
    """

    def __init__(
        self,
        net: str,
        pictures: str,
        batch: int,
        *,
        seed: int,
        threads: int,
        device: str = "cpu",
        **settings: Any,
    ) -> None:
        with np.load(pictures) as kept:
            self.x, self.x_test = (kept[name].astype("float32") / 255 for name in ("x", "x_test"))
            self.y, self.y_test = (kept[name].astype("int64") for name in ("y", "y_test"))
        self.net, self.batch, self.seed, self.threads = net, batch, seed, threads
        self.rate, self.device = 0.0, device
        self.prepare(**settings)

    @abstractmethod
    def prepare(self, **settings: Any) -> None:
        """Makes the net and its optimizer, and puts the pictures into the library's order."""

    @abstractmethod
    def fit(self, count: int) -> float:
        """Learns from the first so many pictures, once, shuffled; the accuracy on the way."""

    @abstractmethod
    def score(self) -> float:
        """Accuracy on the test pictures."""

    @abstractmethod
    def versions(self) -> dict[str, str]:
        """Package -> version."""

    def learn(self, pictures: int) -> dict[str, float]:
        """After a few batches that compile what is compiled: so many pictures, and the score."""
        self.warm()
        started = time.perf_counter()
        on_the_way = self.fit(pictures)
        self.rate = pictures / (time.perf_counter() - started)
        return {"on the way": on_the_way, "test": self.score() if len(self.x_test) else None}

    def warm(self) -> None:
        """A few batches, which compile what is compiled, and a first idea of the rate."""
        count = WARM_BATCHES * self.batch
        self.fit(count)
        self.rate = count / self.seconds(count)

    def seconds(self, count: int) -> float:
        """Of learning from the first so many pictures."""
        started = time.perf_counter()
        self.fit(count)
        return time.perf_counter() - started

    def peak(self, batches: int) -> dict[str, float]:
        """MiB in the process' memory: at most while it learns, and how much of it is new.

        New is what a step of one picture has not brought, such as parts of libraries.
        """
        self.fit(1)
        before = resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self.fit(batches * self.batch)
        most = resident("VmHWM")
        return {"new": most - before, "all": most}

    def measure(self, seconds: float) -> float:
        """Pictures a second, over about so many seconds of whole batches."""
        batches = max(1, min(int(self.rate * seconds), len(self.x)) // self.batch)
        count = batches * self.batch
        self.rate = count / self.seconds(count)
        return self.rate
