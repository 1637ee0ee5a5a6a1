"""Contenders made ready, then measured in turn: A B C, A B C, …"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contenders import TUNED_COMPILED, contender
from benchmarks.environments import Environments
from benchmarks.processes import ContenderFailed, Worker
from benchmarks.results import Measured


@dataclass(frozen=True)
class Options:
    """What the user says of any row.

    Args:
        rounds: of each contender.
        seconds: that a round takes, about.
        threads: that may compute.
        seed: of weights and order.
        seeds: how many trainings, where whole ones are timed.
        without: contenders that are left out.
        cells: words of which one must be in a cell's name; none: all cells.
        photos: folder of photographs for the row of the input, None for the bundled two.
        scratch: folder for pictures and weights.
        environments: of the peers.
        device: "cuda": the row of training runs ours and tuned PyTorch there, and nobody else.
        quick: less of what is slow: fewer cells and sizes, smaller gates, nothing compiled.
    """

    rounds: int
    seconds: float
    threads: int
    seed: int
    seeds: int
    without: tuple[str, ...]
    cells: tuple[str, ...]
    photos: Path | None
    scratch: Path
    environments: Environments
    quick: bool
    device: str = "cpu"

    def asked(self, cell: str, *, slow: bool = False) -> bool:
        """Whether a cell is to be measured; slow: left out by the quick mode if not named."""
        if not self.cells:
            return not (slow and self.quick)
        return any(word in cell for word in self.cells)

    def limits(self) -> dict[str, Any]:
        """What was left out at the user's wish, for the page."""
        wishes = {"without": ", ".join(self.without), "cells": ", ".join(self.cells)}
        wishes["quick"] = "yes" if self.quick else ""
        return {name: said for name, said in wishes.items() if said}

    def contenders(self, names: list[str]) -> list[Any]:
        """Those that take part."""
        left_out = {*self.without, *([TUNED_COMPILED] if self.quick else [])}
        return [contender(name, self.environments) for name in names if name not in left_out]


def ready(found: list[Worker], job: str, **given: Any) -> tuple[list[Worker], list[Measured]]:
    """Makes the job in each process, two at a time; those that stand, and those that failed."""

    def make(worker: Worker) -> Measured | None:
        try:
            worker.ask(job, **given, **dict(worker.contender.settings))
        except ContenderFailed as error:
            return failure(worker, error)
        return None

    with ThreadPoolExecutor(2) as pool:
        failures = list(pool.map(make, found))
    standing = [worker for worker, failed in zip(found, failures, strict=True) if failed is None]
    return standing, [failed for failed in failures if failed is not None]


def failure(worker: Worker, error: ContenderFailed) -> Measured:
    """The entry of a contender that could not do it; the whole reason goes to standard error."""
    print(error, file=sys.stderr, flush=True)
    return Measured(worker.contender.name, note=str(error).strip().splitlines()[-1][:200])


def in_turn(found: list[Worker], rounds: int, call: str, **given: Any) -> dict[str, list[Any]]:
    """Contender -> a sample a round, asked one after the other in each round.

    One that fails has no samples and is asked no more.
    """
    samples: dict[str, list[Any]] = {worker.contender.name: [] for worker in found}
    standing = list(found)
    for _ in range(rounds):
        for worker in list(standing):
            try:
                samples[worker.contender.name].append(worker.ask(call, **given))
            except ContenderFailed as error:
                failure(worker, error)
                standing.remove(worker)
                samples[worker.contender.name] = []
    return samples


def filled(measured: list[Measured], samples: dict[str, list[float]]) -> None:
    """Puts each contender's samples into its entry."""
    for each in measured:
        each.samples = samples.get(each.contender, [])
        if not each.samples and not each.note:
            each.note = "failed in a round"
