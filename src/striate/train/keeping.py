"""What the loop calls to save a run, and to put back the one that was saved."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from .. import _check
from ..io.aside import Aside
from ..io.generations import Generations
from ..records import Batch
from .as_written import as_written
from .batches import Batches
from .checkpoint import Checkpoint
from .configuration import require_same
from .finiteness import weights_are_finite
from .generators import generators, set_generators
from .rereading import reread
from .rollback import Rollback, put_back_rate
from .run_state import Cursor, RunParts, RunState, put_back, state_of
from .scope import outside_scope, scope_of
from .snapshot import Snapshot

__all__ = ["Desk", "RunKeeper"]


@dataclass(frozen=True)
class Desk:
    """What writing takes: where, when, how, and memory for copies."""

    checkpoint: Checkpoint
    generations: Generations
    aside: Aside
    snapshot: Snapshot


class RunKeeper:
    """Saves a run as it goes, and puts back the one that was saved; without either it is idle.

    Args:
        found: the run that was saved.
        place: where it was found, for the messages.
        say: told in sentences.
        desk: with which it is saved.
    """

    def __init__(
        self,
        found: RunState | None = None,
        *,
        place: str = "",
        say: Callable[[str], object] | None = None,
        desk: Desk | None = None,
    ) -> None:
        self.found, self._place, self._desk = found, place, desk
        self._say = say or logging.getLogger("striate").warning
        self.cursor = found.cursor if found else Cursor()
        self._updates = self.cursor.updates
        self._steps, self._since = 0, time.monotonic()
        self._epoch_generators: Mapping[str, Any] | None = None
        self._configuration: Mapping[str, Any] = {}
        self._scope: Mapping[str, Any] = {}
        self._spoilt = False
        self.rollback: Rollback | None = None

    @property
    def resumes(self) -> bool:
        """Whether a saved run goes on."""
        return self.found is not None

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to save or to put back."""
        return self.resumes or self._desk is not None

    def seed(self, given: int | None) -> int:
        """The seed of the run: as given, else as it was, else drawn from torch's generator.

        Raises:
            ArgumentError: no whole number.
        """
        if given is not None:
            return _check.whole("fit", "seed", given)
        return self.found.seed if self.found else int(torch.randint(2**31, ()))

    def agree(self, configuration: Mapping[str, Any], device: torch.device, *, epochs: int) -> None:
        """Makes sure that the saved run is this one, and says where it goes on.

        Args:
            configuration: of this run.
            device: of its model.
            epochs: at which this run is to end.

        Raises:
            ArgumentError: other settings, or an end that the saved run has passed.
        """
        self._configuration, self._scope = configuration, scope_of(device)
        if self.found is None:
            return
        if self.rollback is not None and self.rollback.goes_back:
            self._configuration = self.found.configuration  # the rate alone was lowered
        else:
            same = self.found.scope.get("striate") == self._scope["striate"]
            was = self.found.configuration
            require_same(self._place, was, configuration, same_version=same)
        epoch, step = self.cursor.epoch, self.cursor.step
        if epochs < epoch + (step > 0):
            rule = f"reach the epoch at which the run goes on, here {epoch + (step > 0)}"
            _check.fail("fit", "epochs", rule, epochs)
        where = f"step {step} of epoch {epoch + 1}" if step else f"the end of epoch {epoch}"
        self._say(f"The run goes on after {where}, as saved in {self._place}.")
        differs = outside_scope(self.found.scope, self._scope)
        if differs is not None:
            self._say(differs)

    def begin(self, parts: RunParts, *, first_epoch: int) -> None:
        """Takes the parts of a run that is about to begin; puts back what was saved between epochs.

        Raises:
            ArgumentError: a callback's state is no data; better now than after the first epoch.
            WeightsError: the saved run does not fit the parts.
        """
        self._parts = parts
        if self._desk is not None:
            _, files = self._state(self.cursor).taken_apart()
            self._desk.snapshot.of(files)  # takes its memory now, and not between two steps
        if self.found is None:
            self.cursor = Cursor(first_epoch)
            put_back_rate(parts)
            if self.rollback is not None:
                self._save(self.cursor)
        elif self.cursor.step == 0:
            self._put_back(self.found)

    def goes_on_in(self, epoch: int) -> bool:
        """Whether a saved run goes on within an epoch, perhaps after the last of its steps."""
        return self.resumes and epoch == self.cursor.epoch and self.cursor.step > 0

    def steps(self, batches: Batches, epoch: int) -> Iterator[tuple[int, Batch]]:
        """The batches of an epoch with their numbers, from where the run goes on.

        Raises:
            ArgumentError: an iterable that gives fewer batches than it did.
        """
        rereads = not getattr(batches, "has_cursor", True)
        device = self._parts.step.device
        found, first = self.found, self.cursor.step
        if found is None or not self.goes_on_in(epoch):
            if rereads and self._desk is not None:
                self._epoch_generators = generators(device)
            yield from enumerate(batches.epoch(epoch))
            return
        self._put_back(found)
        if not rereads:
            yield from enumerate(batches.epoch(epoch, start_step=first), first)
            return
        self._say(f"The iterable has no place to go on from: {first} batches are read and skipped.")
        run = found.sections["run"]
        self._epoch_generators = began = run["epoch_generators"]
        now = run["generators"]
        again = reread(
            batches, epoch, first, began=began, now=now, device=device, place=self._place
        )
        yield from again

    def step_done(self, epoch: int, step: int, *, stopping: bool) -> None:
        """A step has ended; saves if it is time, or if the run is about to stop."""
        self._updates += 1
        self._steps += 1
        if self._desk is not None and (stopping or self._is_due(epoch_ended=False)):
            self._save(Cursor(epoch, step + 1, self._updates))

    def epoch_done(self, epoch: int, logs: Mapping[str, float], *, stopping: bool) -> None:
        """An epoch has ended, its validation too; saves if it is time, or if the run stops."""
        loss = logs.get("val_loss", logs["loss"])
        best = self._parts.best is None or loss < self._parts.best
        if best:
            self._parts.best = loss
        if self._desk is not None and (stopping or self._is_due(epoch_ended=True)):
            self._save(Cursor(epoch + 1, 0, self._updates), best=best)

    def note(self, sentence: str) -> None:
        """Says what the reader of the results must know, and keeps it with the run."""
        self._parts.extras.setdefault("notes", []).append(sentence)
        self._say(sentence)
        for each in self._parts.callbacks:
            each.on_note(sentence)

    def spoil(self) -> None:
        """The run has diverged: what was saved before stays the last."""
        self._spoilt = True

    def _is_due(self, *, epoch_ended: bool) -> bool:
        seconds = time.monotonic() - self._since
        times = self._desk.checkpoint.times if self._desk else None
        due = times and times.is_due(steps=self._steps, seconds=seconds, epoch_ended=epoch_ended)
        return bool(due)

    def _state(self, cursor: Cursor) -> RunState:
        return state_of(
            self._parts,
            cursor,
            configuration=self._configuration,
            scope=self._scope,
            epoch_generators=self._epoch_generators if cursor.step else None,
        )

    def _save(self, cursor: Cursor, *, best: bool = False) -> None:
        desk = self._desk
        if desk is None or self._spoilt or not weights_are_finite(self._parts.step.model):
            return
        text, files = self._state(cursor).taken_apart()
        desk.aside.wait()  # the copies before are on the disk then
        copies = desk.snapshot.of(files)
        desk.aside.submit(
            lambda: _write(desk, cursor.updates, {"state.json": text, **copies}, best)
        )
        self._steps, self._since = 0, time.monotonic()

    def _put_back(self, found: RunState) -> None:
        for sentence in put_back(self._parts, found, place=self._place):
            self._say(sentence)
        put_back_rate(self._parts)
        if self.rollback is not None:
            self.rollback.put_back(self._parts, place=self._place, note=self.note)
        with as_written(self._place):
            set_generators(found.sections["run"]["generators"], self._parts.step.device)


def _write(desk: Desk, number: int, files: Mapping[str, Any], best: bool) -> None:
    folder = desk.generations.write(number, files, best=best)
    if desk.checkpoint.saved is not None:
        desk.checkpoint.saved(folder)
