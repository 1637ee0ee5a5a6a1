"""What a command says of a finished run."""

from __future__ import annotations

import shlex
from typing import Any

from striate.cli.score_table import score_lines
from striate.cli.streams import print_json, say

__all__ = ["report"]


def report(run: Any, *, json: bool = False) -> None:
    """Prints the scores of a run, its files, and what to do next."""
    files = sorted(path.name for path in run.folder.iterdir() if path.suffix == ".png")
    if json:
        folds = {"folds": list(run.folds.accuracies)} if run.folds else {}
        document = {"folder": str(run.folder), "figures": files, **folds}
        print_json({**document, **run.scores.to_json()})
        return
    print()
    print("\n".join(score_lines(run.scores)))
    print(f"\nrun       {run.folder}")
    for file in files:
        print(f"picture   {run.folder / file}")
    folder = shlex.quote(str(run.folder))
    say(f"\nLook at {run.folder / 'report.html'} first. Then for example:")
    say(f"  striate predict {folder} FILES…")
    say(f"  striate evaluate {folder} OTHER_FOLDER")
    say(f"  striate summary {folder}")
