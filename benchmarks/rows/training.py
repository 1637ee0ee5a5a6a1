"""Row 1: pictures a second of training."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass

from benchmarks.contenders import (
    KERAS,
    PLAIN,
    STRIATE,
    STRIATE_BF16,
    STRIATE_LEAN,
    TUNED,
    TUNED_BF16,
    TUNED_BF16_KEPT,
    TUNED_COMPILED,
    TUNED_KEPT,
)
from benchmarks.pictures import grey, large
from benchmarks.processes import ContenderFailed, Worker, workers
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options, failure, filled, in_turn, ready

TITLE = "Training"
WHAT = """\
Pictures a second of `fit` on arrays of float32, or of the loop that stands for it. "DataLoader":
over a TensorDataset, as it comes, NCHW. "Tuned": channels-last, slices of a tensor, relus in place,
foreach optimizers; "compiled" is that through torch.compile. striate keeps its memory between
steps, as its command line does (`striate.train.keep_memory`); "memory kept" is tuned PyTorch after
that same call, which is ours and no part of PyTorch, and "memory not kept" is striate without it,
as in Python without that call. Every contender first learns from the same
pictures from its own random start; that is its gate, at most so many points below the median of
all: accuracy on 2,000 test pictures, for ResNet-18 over the training pictures on the way. A peer
that fails it still counts as a peer, as chance has its part in it; we would meet no target.
"""
TUNINGS = [TUNED, TUNED_BF16, TUNED_KEPT, TUNED_BF16_KEPT, TUNED_COMPILED]
CONTENDERS = [STRIATE, STRIATE_BF16, STRIATE_LEAN, *KERAS, PLAIN, *TUNINGS]
ON_GPU = [STRIATE, STRIATE_BF16, *TUNINGS]


@dataclass(frozen=True)
class Case:
    """A net at a batch.

    Args:
        net: its name.
        batch: pictures a step.
        pictures: of the gate.
        points: by which the gate's accuracy may lie below the median.
        keras, tuned, plain: how many times as fast as these we want to be.
        slow: whether the quick mode leaves it out.
    """

    net: str
    batch: int
    pictures: int
    points: float
    keras: float
    tuned: float
    plain: float | None = None
    slow: bool = False

    @property
    def name(self) -> str:
        return f"{self.net}, batch {self.batch}"


CASES = (
    Case("S1", 64, 9_600, 2, 2.5, 1.8, 5),
    Case("S1", 256, 12_800, 3, 2.5, 1.8, 5, slow=True),
    Case("S2", 64, 9_600, 2, 2.5, 1.8, 5),
    Case("S2", 256, 12_800, 3, 2.5, 1.8, 5, slow=True),
    Case("F", 32, 3_200, 6, 1.7, 1.7),
    Case("F", 128, 6_400, 6, 1.7, 1.7, slow=True),
    Case("ResNet-18, 10 classes", 32, 640, 10, 1.5, 1.5),
)


def run(options: Options) -> Row:
    row = Row("training", TITLE, WHAT)
    versions: dict[str, str] = {}
    for case in (each for each in CASES if options.asked(each.name, slow=each.slow)):
        print(f"training: {case.name}", file=sys.stderr, flush=True)
        row.cells.append(cell(case, options, versions))
        row.targets += targets(case)
    row.settings["versions"] = versions
    return row


def pictures(case: Case, options: Options) -> str:
    if case.net.startswith("ResNet"):
        return large(options.scratch, count=640, side_px=96)
    name = "fashion_mnist" if case.net == "F" else "mnist"
    return grey(name, options.scratch, train=25_600, test=2_000)


def cell(case: Case, options: Options, versions: dict[str, str]) -> Cell:
    given = {"net": case.net, "batch": case.batch, "pictures": pictures(case, options)}
    given |= {"seed": options.seed, "threads": options.threads, "device": options.device}
    names = ON_GPU if options.device == "cuda" else CONTENDERS
    with workers(options.contenders(names), threads=options.threads) as found:
        standing, measured = ready(found, "Training", **given)
        gated = [learned(worker, case) for worker in standing]
        standing = [w for w, each in zip(standing, gated, strict=True) if not each.note]
        for worker in standing:
            versions |= worker.ask("versions")
        samples = in_turn(standing, options.rounds, "measure", seconds=options.seconds)
    filled(gated, samples)
    judge(gated, case.points)
    return Cell(case.name, [*gated, *measured], "pictures/s")


def learned(worker: Worker, case: Case) -> Measured:
    """The gate: what a contender can after so many pictures."""
    try:
        found = worker.ask("learn", pictures=case.pictures)
    except ContenderFailed as error:
        return failure(worker, error)
    accuracy = found["on the way"] if found["test"] is None else found["test"]
    return Measured(worker.contender.name, gate=f"{accuracy:.1%}")


def judge(measured: list[Measured], points: float) -> None:
    """Whether each gate is near enough to the median of all."""
    gates = {m.contender: float(m.gate.rstrip("%")) for m in measured if m.gate}
    middle = statistics.median(gates.values()) if gates else 0.0
    for each in measured:
        if each.gate:
            each.passed = gates[each.contender] >= middle - points


def targets(case: Case) -> list[Target]:
    """Of the better of our two precisions, against each kind of peer."""
    wanted = [(list(KERAS), case.keras), ([TUNED, TUNED_COMPILED], case.tuned)]
    if case.plain:
        wanted.append(([PLAIN], case.plain))
    ours = (STRIATE, STRIATE_BF16)
    return [Target(case.name, o, peers, least) for peers, least in wanted for o in ours]
