"""Row 3: milliseconds of a prediction."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import (
    EAGER,
    EAGER_LAST,
    ENGINES,
    KERAS,
    STRIATE,
    STRIATE_BF16,
    STRIATE_CALL,
    TUNED_COMPILED,
)
from benchmarks.processes import Contender, ContenderFailed, Worker, workers
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options, failure, filled, in_turn, ready

TITLE = "Prediction"
WHAT = """\
Milliseconds of one call for a batch that is at hand, with the same weights everywhere: `predict`
of striate and of Keras, from array to array; a call of the module in PyTorch and of "striate
called", from tensor to tensor; the engines on ONNX's form of the net. Nothing is set but the
number of threads; no memory is kept. The gate is the largest difference of the outputs, in parts
of the largest output, to PyTorch in float64: at most 1e-4, in bfloat16 twice that of PyTorch's own
autocast, which says little for MobileNetV2, where autocast itself is far off.
"""
CONTENDERS = [
    STRIATE, STRIATE_BF16, STRIATE_CALL, *KERAS, EAGER, EAGER_LAST, TUNED_COMPILED, *ENGINES,
]  # fmt: skip
TOLERANCE, OF_AUTOCAST = 1e-4, 2


@dataclass(frozen=True)
class Case:
    """A net, and the batches that it is asked about.

    Args:
        net: its name.
        side_px: of the pictures.
        batches: pictures a call.
    """

    net: str
    side_px: int
    batches: tuple[int, ...]


CASES = (
    Case("S1", 28, (1, 1024)),
    Case("MobileNetV2", 224, (1, 32)),
    Case("ResNet-18", 224, (1, 32)),
    Case("ResNet-50", 224, (1, 32)),
)


def name_of(net: str, batch: int) -> str:
    return f"{net}, batch {batch:,}"


def run(options: Options) -> Row:
    row = Row("prediction", TITLE, WHAT)
    versions: dict[str, str] = {}
    for case in CASES:
        batches = [n for n in case.batches if options.asked(name_of(case.net, n), slow=n == 32)]
        if batches:
            judge = reference(case, options)
        for batch in batches:
            row.cells.append(cell(case.net, batch, judge, options, versions))
    measured = {cell.name for cell in row.cells}
    row.targets = [target for target in targets() if target.cell in measured]
    row.settings["versions"] = versions
    return row


@dataclass(frozen=True)
class Reference:
    """What the answers are judged by.

    Args:
        folder: with the weights, the pictures and the answers.
        rounding: the difference of PyTorch's own bfloat16.
    """

    folder: Path
    rounding: float


def reference(case: Case, options: Options) -> Reference:
    """Weights, pictures and answers of a net."""
    folder = options.scratch / case.net
    folder.mkdir()
    judge = Contender("reference", "reference", options.environments.python("torch"))
    given = {"net": case.net, "folder": str(folder), "count": max(case.batches)}
    with workers([judge], threads=options.threads) as (found,):
        found.ask("Reference", **given, side_px=case.side_px, seed=options.seed)
        return Reference(folder, found.ask("bfloat16"))


def cell(
    net: str, batch: int, judge: Reference, options: Options, versions: dict[str, str]
) -> Cell:
    print(f"prediction: {name_of(net, batch)}", file=sys.stderr, flush=True)
    given = {"net": net, "folder": str(judge.folder), "batch": batch, "threads": options.threads}
    with workers(options.contenders(CONTENDERS), threads=options.threads) as found:
        standing, measured = ready(found, "Prediction", **given)
        gated = [judged(worker, judge) for worker in standing]
        standing = [w for w, each in zip(standing, gated, strict=True) if not each.note]
        for worker in standing:
            versions |= worker.ask("versions")
        samples = in_turn(standing, options.rounds, "measure", seconds=options.seconds)
    filled(gated, samples)
    return Cell(name_of(net, batch), [*gated, *measured], "ms", more_is_better=False)


def judged(worker: Worker, judge: Reference) -> Measured:
    """The gate: how far the answers are from the reference's."""
    name = worker.contender.name
    try:
        difference = worker.ask("difference")
    except ContenderFailed as error:
        return failure(worker, error)
    tolerance = OF_AUTOCAST * judge.rounding if "bf16" in name else TOLERANCE
    return Measured(name, gate=f"{difference:.1e}", passed=difference <= tolerance)


def targets() -> list[Target]:
    one, many = name_of("S1", 1), name_of("S1", 1024)
    wanted = [
        Target(one, STRIATE, [peer], least) for peer, least in zip(KERAS, (30, 3, 15), strict=True)
    ]
    wanted.append(Target(many, STRIATE, list(KERAS), 3))
    for net in ("ResNet-50", "MobileNetV2"):
        wanted.append(Target(name_of(net, 1), STRIATE, [EAGER], 1.5))
    stated = [name_of(case.net, batch) for case in CASES for batch in case.batches]
    return wanted + [Target(name, STRIATE, list(ENGINES), None) for name in stated]
