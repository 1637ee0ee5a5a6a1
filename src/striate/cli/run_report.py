"""What a command says of a finished run."""

from __future__ import annotations

import shlex
from typing import Any

from striate.cli.score_table import score_lines
from striate.cli.streams import columns, print_json, say

__all__ = ["report"]


def report(run: Any, *, json: bool = False) -> None:
    """Prints the scores of a run, its files, and what to do next.

    Of folds the mean is printed and each run; the document is of the last run, with the mean.
    """
    files = sorted(path.name for path in run.folder.iterdir() if path.suffix == ".png")
    if json:
        folds = _folds_document(run.folds) if run.folds else {}
        document = {"folder": str(run.folder), "figures": files, **folds}
        print_json({**document, **run.scores.to_json()})
        return
    print()
    print("\n".join(_fold_lines(run.folds) if run.folds else score_lines(run.scores)))
    if run.folds:
        print(f"\nfolds     {run.folds.folder}")
    else:
        print(f"\nrun       {run.folder}\nreport    {run.folder / 'report.html'}")
        for file in files:
            print(f"picture   {run.folder / file}")
    folder = shlex.quote(str(run.folder))
    say(f"\nLook at {run.folder / 'report.html'} first. Then for example:")
    say(f"  striate predict {folder} FILES…")
    say(f"  striate evaluate {folder} OTHER_FOLDER")
    say(f"  striate summary {folder}")


def _folds_document(folds: Any) -> dict[str, Any]:
    return {
        "folds": list(folds.accuracies),
        "folds_folder": str(folds.folder),
        "folds_mean": folds.mean,
        "folds_interval": list(folds.interval),
    }


def _fold_lines(folds: Any) -> list[str]:
    """The mean of the folds, and each of them."""
    low, high = folds.interval
    rows = [["fold", "accuracy", "run"]]
    rows += [
        [str(number), f"{accuracy:.4f}", str(folds.folder / name)]
        for number, (name, accuracy) in enumerate(
            zip(folds.runs, folds.accuracies, strict=True), start=1
        )
    ]
    return [
        f"{len(folds.runs)} folds",
        f"accuracy  {folds.mean:.4f}  (mean; its 95 % interval {low:.4f} to {high:.4f})",
        "",
        *columns(rows, right=(0, 1)),
    ]
