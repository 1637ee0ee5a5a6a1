"""Whole jobs in one call: train a classifier on labelled pictures, score it, ask it.

run = striate.tasks.classify.train("photos/")
striate.tasks.classify.evaluate(run.folder)
striate.tasks.classify.predict(run.folder, ["new.jpg"])
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from striate.tasks import classify, convnet, environment, settings_files
    from striate.tasks.batch_shown import show_batch
    from striate.tasks.durations import duration
    from striate.tasks.run_difference import diff_runs
    from striate.tasks.runs import list_runs
    from striate.tasks.scores import Scores

__all__ = [
    "Scores",
    "classify",
    "convnet",
    "diff_runs",
    "duration",
    "environment",
    "list_runs",
    "settings_files",
    "show_batch",
]

_FROM = {
    "Scores": "scores",
    "diff_runs": "run_difference",
    "duration": "durations",
    "list_runs": "runs",
    "show_batch": "batch_shown",
}
"""Names that live in a file of another name: name -> the file."""


def __getattr__(name: str) -> Any:
    """What is asked for is imported then: the options can be had without torch."""
    if name not in __all__:
        raise AttributeError(f"module 'striate.tasks' has no attribute {name!r}")
    file = importlib.import_module(f"striate.tasks.{_FROM.get(name, name)}")
    found = getattr(file, name) if name in _FROM else file
    globals()[name] = found
    return found
