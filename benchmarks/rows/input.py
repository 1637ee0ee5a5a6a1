"""Row 4: pictures a second from files and from arrays to shuffled batches."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import jpegs
from benchmarks.environments import Environments
from benchmarks.pictures import grey
from benchmarks.processes import Contender, workers
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options, in_turn, ready

TITLE = "Input"
WHAT = """\
Pictures a second of one epoch of shuffled batches, nothing learned from them. JPEGs of 500 × 375
pixels become batches of 32 at 180 × 180; they lie in the system's memory. "Cold": no cache stands.
"New run": a new source finds the cache of an earlier one; "later epochs": the source goes on.
In memory: MNIST's arrays of bytes, batches of 64. The gate is the number of pictures that came.
"""
STRIATE, KERAS, LOADER, PICTURES = (
    "striate", "Keras tf.data", "DataLoader", "DataLoader of pictures",
)  # fmt: skip
JPEGS, JPEGS_QUICK = 2_000, 300


@dataclass(frozen=True)
class Case:
    """A way of input.

    Args:
        name: in the table.
        job: of the modules of contenders.
        keep: of striate's cache between epochs; None for arrays.
        targets: peer -> how many times as fast we want to be.
        by_processor: whether processor time counts, not that of the clock.
    """

    name: str
    job: str
    keep: str | None
    targets: tuple[tuple[str, float | None], ...]
    by_processor: bool = False


CASES = (
    Case("JPEG folder, cold", "Folder", "nothing", ((KERAS, None), (LOADER, None))),
    Case("JPEG folder, cold, by processor time", "Folder", "nothing", ((KERAS, None),), True),
    Case("JPEG folder, new run", "Folder", "files", ((LOADER, None),)),
    Case("JPEG folder, later epochs", "Folder", "source", ((LOADER, 20),)),
    Case("in memory", "Memory", None, ((LOADER, 100), (PICTURES, 100))),
)


def run(options: Options) -> Row:
    row = Row("input", TITLE, WHAT)
    folder = options.scratch / "jpegs"
    photos = jpegs.photographs(options.photos)
    jpegs.write(photos, folder, JPEGS_QUICK if options.quick else JPEGS)
    row.settings["JPEGs"] = (
        f"{JPEGS_QUICK if options.quick else JPEGS} of {len(photos)} photographs"
    )
    versions: dict[str, str] = {}
    for case in (each for each in CASES if options.asked(each.name)):
        print(f"input: {case.name}", file=sys.stderr, flush=True)
        row.cells.append(cell(case, folder, options, versions))
        row.targets += [Target(case.name, STRIATE, [peer], least) for peer, least in case.targets]
    row.settings["versions"] = versions
    return row


def contenders(case: Case, environments: Environments) -> list[Contender]:
    own, tensorflow = environments.python("own"), environments.python("tensorflow")
    keep = () if case.keep is None else (("keep", case.keep),)
    backend = (("KERAS_BACKEND", "tensorflow"),)
    found = [
        Contender(STRIATE, "input_striate", own, settings=keep),
        Contender(KERAS, "input_keras", tensorflow, backend),
        Contender(LOADER, "input_torch", own),
    ]
    pictures = Contender(PICTURES, "input_torch", own, settings=(("pictures", True),))
    return found if case.keep else [*found, pictures]


def cell(case: Case, folder: Path, options: Options, versions: dict[str, str]) -> Cell:
    place = folder
    if case.keep is None:
        count = 6_000 if options.quick else 60_000
        place = Path(grey("mnist", options.scratch, train=count, test=1))
    given: dict[str, Any] = {"folder": str(place), "cache": str(options.scratch / "cache")}
    chosen = contenders(case, options.environments)
    chosen = [each for each in chosen if each.name not in options.without]
    with workers(chosen, threads=options.threads) as found:
        standing, measured = ready(found, case.job, **given, threads=options.threads)
        for worker in standing:
            versions |= worker.ask("versions")
        in_turn(standing, 1, "measure")  # what is opened or cached once
        gates = in_turn(standing, 1, "count")
        samples = in_turn(standing, options.rounds, "measure", by_processor=case.by_processor)
    for name, each in samples.items():
        if not each:
            measured.append(Measured(name, note="failed in a round"))
            continue
        same = gates[name] == gates[STRIATE]
        measured.append(Measured(name, each, gate=f"{gates[name][0]:,} pictures", passed=same))
    return Cell(case.name, measured, "pictures/s")
