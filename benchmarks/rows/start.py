"""Row 6: how long the first result takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.contenders import (
    EAGER,
    ENGINES,
    KERAS,
    STRIATE,
    TUNED,
    TUNED_COMPILED,
)
from benchmarks.pictures import grey
from benchmarks.processes import Contender, ContenderFailed, environment, workers
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options
from benchmarks.rows.prediction import CASES as PREDICTIONS
from benchmarks.rows.prediction import reference

TITLE = "Import and first result"
WHAT = """\
Seconds from the start of a new process: to the end of the import, of the import and one layer, to
the first prediction of S1 for one picture, and to the end of the first training step of S1. Files
are in the system's memory; what a library compiles at the first call counts. Nothing is judged.
"""
LAYERS = {
    STRIATE: "import striate; striate.layers.Conv2D(8, 3)",
    **dict.fromkeys(KERAS, "import keras; keras.layers.Conv2D(8, 3)"),
    EAGER: "import torch; torch.nn.Conv2d(1, 8, 3)",
}
UNCACHED = ("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")
Once = Callable[[Contender], float]


def run(options: Options) -> Row:
    imports = {name: line.partition(";")[0] for name, line in LAYERS.items()}
    net = {"folder": str(reference(PREDICTIONS[0], options).folder), "batch": 1}
    steps = {"pictures": grey("mnist", options.scratch, train=64, test=1), "batch": 64}
    learners = [STRIATE, *KERAS, TUNED, TUNED_COMPILED]
    rows: list[tuple[str, list[str], Callable[[Contender], float]]] = [
        ("import", list(imports), partial(statement, options, imports)),
        ("import, one layer", list(LAYERS), partial(statement, options, LAYERS)),
        (
            "first prediction of S1",
            [STRIATE, *KERAS, EAGER, *ENGINES],
            partial(first, options, "Prediction", net, "answered", {}),
        ),
        (
            "first training step of S1",
            learners,
            partial(first, options, "Training", steps | {"seed": 0}, "fit", {"count": 64}),
        ),
    ]
    cells = [cell(*each, options) for each in rows if options.asked(each[0])]
    found = {cell.name for cell in cells}
    wanted = [Target("import", STRIATE, [KERAS[0]], 8)]
    wanted += [Target(each[0], STRIATE, list(KERAS), None) for each in rows[1:]]
    targets = [target for target in wanted if target.cell in found]
    return Row("start", TITLE, WHAT, cells=cells, targets=targets)


def cell(name: str, contenders: list[str], once: Once, options: Options) -> Cell:
    """All contenders in turn, a new process each time; the first round fills the disk's cache."""
    print(f"start: {name}", file=sys.stderr, flush=True)
    chosen = options.contenders(contenders)
    found = {each.name: Measured(each.name) for each in chosen}
    for number in range(options.rounds + 1):
        for each in chosen:
            try:
                seconds = once(each)
            except ContenderFailed as error:
                found[each.name].note = str(error).strip().splitlines()[-1][:200]
                continue
            if number:
                found[each.name].samples.append(seconds)
    return Cell(name, list(found.values()), "s", more_is_better=False)


def statement(options: Options, lines: dict[str, str], contender: Contender) -> float:
    """Seconds of an interpreter that runs a line and ends."""
    started = time.perf_counter()
    subprocess.run(
        [contender.python, "-c", lines[contender.name]],
        check=True,
        env=environment(contender, options.threads),
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def first(
    options: Options,
    job: str,
    given: dict[str, Any],
    call: str,
    arguments: dict[str, Any],
    contender: Contender,
) -> float:
    """Seconds to the answer of a job's first call; what is compiled is not found in a cache."""
    contender = replace(contender, variables=(*contender.variables, UNCACHED))
    started = time.perf_counter()
    with workers([contender], threads=options.threads) as (worker,):
        given = given | {"net": "S1", "threads": options.threads}
        worker.ask(job, **given, **dict(contender.settings))
        worker.ask(call, **arguments)
        return time.perf_counter() - started
