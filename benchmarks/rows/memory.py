"""Row 5: how much memory a training takes."""

from __future__ import annotations

import sys

from benchmarks.contenders import (
    KERAS,
    PLAIN,
    STRIATE,
    STRIATE_BF16,
    STRIATE_LEAN,
    TUNED,
    TUNED_BF16,
)
from benchmarks.processes import ContenderFailed, workers
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options, failure
from benchmarks.rows.training import CASES, Case, pictures

TITLE = "Memory of a training"
WHAT = """\
Resident memory of the process, a new one each round: the peak of 20 steps, less what was resident
after a step of one picture (libraries, pictures, the net). The gate column has the peak of it all.
Memory is kept between steps in striate, as its command line does, but where the name says
otherwise: what is kept for the next step counts here. bfloat16 is held against bfloat16. What the
jobs learn is judged in the row "Training", not here.
"""
PEERS = {STRIATE: [PLAIN, TUNED], STRIATE_LEAN: [PLAIN, TUNED], STRIATE_BF16: [TUNED_BF16]}
CONTENDERS = [*PEERS, *KERAS, PLAIN, TUNED, TUNED_BF16]
STEPS = 20
MOST_ROUNDS = 3


def run(options: Options) -> Row:
    rounds = 1 if options.quick else min(options.rounds, MOST_ROUNDS)
    row = Row("memory", TITLE, WHAT, settings={"rounds": rounds})
    for case in (each for each in CASES if options.asked(each.name, slow=each.slow)):
        print(f"memory: {case.name}", file=sys.stderr, flush=True)
        row.cells.append(cell(case, rounds, options))
        row.targets += [Target(case.name, ours, peers, 1.0) for ours, peers in PEERS.items()]
    return row


def cell(case: Case, rounds: int, options: Options) -> Cell:
    found = {name: Measured(name) for name in CONTENDERS if name not in options.without}
    for _ in range(rounds):
        for each in found.values():
            once(each, case, options)
    return Cell(case.name, list(found.values()), "MiB", more_is_better=False)


def once(measured: Measured, case: Case, options: Options) -> None:
    """One sample of a contender, in a new process."""
    given = {"net": case.net, "batch": case.batch, "pictures": pictures(case, options)}
    given |= {"seed": options.seed, "threads": options.threads}
    chosen = options.contenders([measured.contender])
    with workers(chosen, threads=options.threads) as (worker,):
        try:
            worker.ask("Training", **given, **dict(worker.contender.settings))
            found = worker.ask("peak", batches=STEPS)
        except ContenderFailed as error:
            measured.note = failure(worker, error).note
            return
    measured.samples.append(found["new"])
    measured.gate = f"{found['all']:,.0f} MiB in all"
