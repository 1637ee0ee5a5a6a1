"""Whole jobs in one call: train a classifier on labelled pictures, score it, ask it.

run = striate.tasks.classify.train("photos/")
striate.tasks.classify.evaluate(run.folder)
striate.tasks.classify.predict(run.folder, ["new.jpg"])
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from striate.tasks import classify, convnet, figures
    from striate.tasks.nets.python_file import model_of_file
    from striate.tasks.pictures.batch_shown import show_batch
    from striate.tasks.run import environment, settings_files
    from striate.tasks.run.durations import duration
    from striate.tasks.run.run_difference import diff_runs
    from striate.tasks.run.runs import list_runs
    from striate.tasks.scoring.scores import Scores

__all__ = [
    "Scores",
    "classify",
    "convnet",
    "diff_runs",
    "duration",
    "environment",
    "figures",
    "list_runs",
    "model_of_file",
    "settings_files",
    "show_batch",
]

_FILES = {"environment": "run.environment", "settings_files": "run.settings_files"}
"""Files that are named here, but lie deeper: name -> the file."""

_FROM = {
    "Scores": "scoring.scores",
    "diff_runs": "run.run_difference",
    "duration": "run.durations",
    "list_runs": "run.runs",
    "model_of_file": "nets.python_file",
    "show_batch": "pictures.batch_shown",
}
"""Names that live in a file of another name: name -> the file."""


def __getattr__(name: str) -> Any:
    """What is asked for is imported then: the options can be had without torch."""
    if name not in __all__:
        raise AttributeError(f"module 'striate.tasks' has no attribute {name!r}")
    where = _FROM.get(name) or _FILES.get(name, name)
    file = importlib.import_module(f"striate.tasks.{where}")
    found = getattr(file, name) if name in _FROM else file
    globals()[name] = found
    return found
