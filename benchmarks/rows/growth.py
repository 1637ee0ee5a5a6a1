"""Row 7: how cost grows with pictures, batch, size and threads."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.contenders import KERAS, STRIATE, STRIATE_BF16, TUNED
from benchmarks.pictures import grey, scaled
from benchmarks.processes import workers
from benchmarks.results import Curve, Line, Row
from benchmarks.rounds import Options, in_turn, ready

TITLE = "Growth"
WHAT = """\
How the cost of training grows: the medians of the rounds, and the exponent of the line through
them on logarithmic axes. An exponent of 1 is cost in proportion, 0 is no growth. Pictures, batch
and threads: S1. Size: a net of S1's convolutions that ends in the mean of each channel, batch 16.
Memory is the resident peak of an epoch in a new process, less what was resident after a step of one
picture; one measurement. The jobs are those of the row "Training", where they pass their gates.
"""
CONTENDERS = [STRIATE, STRIATE_BF16, TUNED, KERAS[0]]
POOLED = "S1, mean"
COUNTS = (960, 3_840, 15_360, 59_968)


@dataclass(frozen=True)
class Case:
    """A curve.

    Args:
        name, size, unit: title and axes of the curve.
        sizes: where it is measured, and the fewer of the quick mode.
        at: size -> what is asked there.
        at_most: the exponent that is wanted.
    """

    name: str
    size: str
    unit: str
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    at: Callable[[int, Options], Point]
    at_most: float | None = None


@dataclass(frozen=True)
class Point:
    """What is asked at a size.

    Args:
        net, batch, pictures: of the training.
        call, given: of the job.
        value: the answer -> the value of the curve.
        threads: None for those of the run.
        once: whether a new process is asked once, without a warm-up.
    """

    net: str
    batch: int
    pictures: str
    call: str
    given: dict[str, float]
    value: Callable[[float], float]
    threads: int | None = None
    once: bool = False


def epoch(count: int, options: Options) -> Point:
    given = {"count": count}
    return Point("S1", 64, mnist(options, count), "seconds", given, lambda found: found)


def memory(count: int, options: Options) -> Point:
    given = {"batches": count // 64}
    pictures = mnist(options, count)
    return Point("S1", 64, pictures, "peak", given, lambda found: found["new"], once=True)


def step(batch: int, options: Options) -> Point:
    given, count = {"seconds": options.seconds}, max(64 * batch, 2_048)
    pictures = mnist(options, min(count, 25_600))
    return Point("S1", batch, pictures, "measure", given, lambda rate: 1e3 * batch / rate)


def side(side_px: int, options: Options) -> Point:
    pictures = scaled(options.scratch, count=128, side_px=side_px)
    given = {"seconds": options.seconds}
    return Point(POOLED, 16, pictures, "measure", given, lambda rate: 1e3 * 16 / rate)


def threads(count: int, options: Options) -> Point:
    return replace(step(64, options), threads=count)


CASES = (
    Case("an epoch", "pictures", "s", COUNTS, COUNTS[:2], epoch, 1.05),
    Case("memory of an epoch", "pictures", "MiB", COUNTS, COUNTS[:2], memory, 0.1),
    Case("a step", "batch", "ms", (1, 4, 16, 64, 256, 512), (1, 32, 512), step),
    Case("a step of 16 pictures", "side, px", "ms", (28, 56, 112, 224), (28, 112), side),
    Case("a step of 64 pictures", "threads", "ms", (1, 2), (1, 2), threads),
)


def mnist(options: Options, count: int) -> str:
    return grey("mnist", options.scratch, train=count, test=1)


def run(options: Options) -> Row:
    row = Row("growth", TITLE, WHAT)
    for case in (each for each in CASES if options.asked(each.name)):
        row.curves.append(curve(case, options))
    return row


def curve(case: Case, options: Options) -> Curve:
    lines: dict[str, Line] = {}
    for size in case.quick if options.quick else case.sizes:
        print(f"growth: {case.name}, {size} {case.size}", file=sys.stderr, flush=True)
        for name, value in values(case.at(size, options), options).items():
            line = lines.setdefault(name, Line(name, [], []))
            line.sizes.append(size)
            line.values.append(value)
    return Curve(case.name, case.size, case.unit, list(lines.values()), case.at_most)


def values(point: Point, options: Options) -> dict[str, float]:
    """Contender -> the median at one size, each in a process of its own."""
    count = point.threads or options.threads
    given = {"net": point.net, "batch": point.batch, "pictures": point.pictures}
    with workers(options.contenders(CONTENDERS), threads=count) as found:
        standing, _ = ready(found, "Training", **given, seed=options.seed, threads=count)
        if not point.once:
            in_turn(standing, 1, "warm")
        rounds = 1 if point.once else min(options.rounds, 3)
        samples = in_turn(standing, rounds, point.call, **point.given)
    return {
        name: statistics.median(map(point.value, each)) for name, each in samples.items() if each
    }
