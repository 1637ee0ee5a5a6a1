"""The folder of a run's checkpoints is opened: what it holds, and by whom it is written."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .. import _check
from ..io.aside import Aside
from ..io.generations import Generation, Generations
from ..io.sole_writer import SoleWriter
from .checkpoint import Checkpoint
from .keeping import Desk, RunKeeper
from .run_state import read_state
from .snapshot import Snapshot

__all__ = ["opened"]


@contextmanager
def opened(
    checkpoint: Checkpoint | None, resume: str | os.PathLike[str] | None
) -> Iterator[RunKeeper]:
    """The keeper of a run; within it no other process writes its checkpoints.

    When it is left, what was being written is on the disk.

    Args:
        checkpoint: where the run is saved, or None.
        resume: "auto" goes on with what `checkpoint` holds, if anything; a folder of checkpoints
            must hold a run; None begins a new run.

    Raises:
        ArgumentError: "auto" without a checkpoint, or a new run in a folder that holds one; what
            is no Checkpoint, or no folder.
        DataError: another process writes there.
        WeightsError: nothing to go on with, or it is damaged.
    """
    _check_kinds(checkpoint, resume)
    with ExitStack() as stack:
        generations, standing = None, None
        say = checkpoint.say if checkpoint else logging.getLogger("striate").warning
        if checkpoint is not None:
            stack.enter_context(SoleWriter(checkpoint.folder))
            generations = Generations(checkpoint.folder, keep=checkpoint.keep)
            standing = generations.newest()
        chosen = _chosen(checkpoint, standing, resume)
        found, place = None, ""
        if chosen is not None:
            place = f'Checkpoint "{chosen.folder}"'
            found = read_state(place, chosen.files)
            for note in chosen.notes:
                say(note)
        desk = None
        if checkpoint is not None and generations is not None:
            aside = stack.enter_context(Aside())
            desk = Desk(checkpoint, generations, aside, Snapshot())
        yield RunKeeper(found, place=place, say=say, desk=desk)


def _check_kinds(checkpoint: object, resume: object) -> None:
    if not isinstance(checkpoint, Checkpoint | None):
        fix = 'For example checkpoint=striate.train.Checkpoint("run/checkpoints").'
        _check.fail("fit", "checkpoint", "be a striate.train.Checkpoint", checkpoint, fix)
    if not isinstance(resume, str | os.PathLike | None) or resume == "":
        fix = 'Use resume="auto" to go on with what the checkpoint has saved.'
        _check.fail("fit", "resume", 'be "auto" or a folder', resume, fix)


def _chosen(
    checkpoint: Checkpoint | None,
    standing: Generation | None,
    resume: str | os.PathLike[str] | None,
) -> Generation | None:
    """What the run goes on with: what stands in the checkpoint's folder, or in another."""
    chosen = standing if resume is not None else None
    if resume == "auto" and checkpoint is None:
        fix = 'For example checkpoint=Checkpoint("run/checkpoints").'
        _check.fail("fit", "checkpoint", 'be given where resume="auto"', None, fix)
    if resume is not None and resume != "auto":
        if checkpoint is None or os.path.abspath(checkpoint.folder) != os.path.abspath(resume):
            chosen = Generations(resume).newest()
        if chosen is None:
            fix = "Name a folder that fit(checkpoint=) has written."
            _check.weights_fail(f'Folder "{resume}"', "hold checkpoints of a run", "none", fix)
    if checkpoint is not None and standing is not None and chosen is not standing:
        fix = 'Give resume="auto" to go on with it, or choose another folder.'
        rule = "be a folder without the checkpoints of another run"
        _check.fail("fit", "checkpoint", rule, str(checkpoint.folder), fix)
    return chosen
