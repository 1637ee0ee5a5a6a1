"""striate beside its peers, row by row.

    python -m benchmarks [ROW …] [--out docs/benchmarks.md] [--quick]

Without a name all rows are run. The peers' environments are built under --environments when they
are first needed, by venv and pip. What was measured is written beside the page as JSON, and the
page is made of all that lies there: a row that is not run now keeps its last figures. With --cells
the other cells of a row go.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from benchmarks import drawing, machine, page
from benchmarks.contenders import TABLE
from benchmarks.environments import Environments
from benchmarks.processes import keep_to
from benchmarks.rounds import Options


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    words.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(page.ORDER))
    words.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    words.add_argument("--environments", type=Path, default=Path("~/.cache/striate-benchmarks"))
    words.add_argument("--rounds", type=int, help="of each contender; default 5, quick 3")
    words.add_argument("--seconds", type=float, help="a round takes; default 1, quick 0.5")
    words.add_argument("--seeds", type=int, help="of whole trainings; default 3, quick 1")
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--threads", type=int, default=2)
    words.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="of row training")
    words.add_argument("--photos", type=Path, help="photographs for the row of the input")
    words.add_argument("--without", nargs="*", default=[], choices=TABLE, metavar="CONTENDER")
    words.add_argument("--cells", nargs="*", default=[], metavar="WORD", help="only cells with it")
    words.add_argument("--quick", action="store_true", help="fewer cells, smaller gates")
    given = words.parse_args()
    if unknown := set(given.rows) - set(page.ORDER):
        words.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(page.ORDER)}")
    return given


def options(given: argparse.Namespace, scratch: Path) -> Options:
    quick = given.quick
    return Options(
        rounds=given.rounds or (3 if quick else 5),
        seconds=given.seconds or (0.5 if quick else 1.0),
        threads=given.threads,
        seed=given.seed,
        seeds=given.seeds or (1 if quick else 3),
        without=tuple(given.without),
        cells=tuple(given.cells),
        photos=given.photos,
        scratch=scratch,
        environments=Environments(given.environments),
        quick=quick,
        device=given.device,
    )


def run(name: str, chosen: Options, out: Path) -> None:
    """Measures a row, writes its figures and its picture, and the page anew."""
    started = time.perf_counter()
    settings = machine.facts() | {"GPU": machine.gpu(chosen.device)}
    settings |= {"threads": chosen.threads, "rounds": chosen.rounds, **chosen.limits()}
    row = import_module(f"benchmarks.rows.{name}").run(chosen)
    row.settings = settings | {"versions": chosen.environments.versions()} | row.settings
    row.settings["took"] = f"{time.perf_counter() - started:.0f} s"
    folder = out.with_suffix("")
    row.write(folder / f"{name}.json")
    drawing.draw(row, folder / f"{name}.svg")
    page.write(out)
    print(page.section(row, folder.name), flush=True)


def main() -> None:
    given = arguments()
    keep_to(given.threads)
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.rows or page.ORDER:
            run(name, options(given, Path(scratch)), given.out)


if __name__ == "__main__":
    sys.exit(main())
