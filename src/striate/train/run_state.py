"""Everything that a run is made of, as files that hold data only, and back into the run.

state.json holds the cursor, the configuration, the scope and all that is no tensor; the tensors
lie in model, optimizer, average and run.safetensors. The cursor is the next step to be made: its
seed, epoch and step key every draw, the order and the augmentation, so no loader and no layer has
a state. A step adds up its micro-batches within itself, so the place in an accumulation is always
its beginning. A forward pass in bfloat16 needs no scaler.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from .. import _check
from .._version import __version__
from ..io.strict_json import read_json
from .as_written import NotAsWritten, as_written
from .callbacks.base import Callback
from .ema import WeightAverage
from .generators import generators
from .history import History
from .optimizer_state import load_optimizer, optimizer_state
from .state_tree import put_together, take_apart
from .step import TrainStep
from .totals import Totals

__all__ = [
    "FORMAT",
    "Cursor",
    "RunParts",
    "RunState",
    "put_back",
    "read_state",
    "state_of",
]

FORMAT = 1
"""The version of what state.json holds."""

_MOST_BYTES = 1 << 26
_SECTIONS = ("model", "optimizer", "average", "run")


@dataclass(frozen=True)
class Cursor:
    """The next step of a run.

    Args:
        epoch: from 0.
        step: in the epoch, from 0.
        updates: steps of all epochs before it.
    """

    epoch: int = 0
    step: int = 0
    updates: int = 0


@dataclass
class RunParts:
    """What changes while a run goes.

    Args:
        step: model, optimizer and seed.
        totals: of the epoch so far.
        history: of the epochs before.
        callbacks: in order.
        average: of the weights, or None.
        extras: whatever else the run counts, as `take_apart` can write it down.
        best: the lowest loss at the end of an epoch, of the validation where there is one.
    """

    step: TrainStep
    totals: Totals
    history: History
    callbacks: Sequence[Callback] = ()
    average: WeightAverage | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    best: float | None = None


@dataclass(frozen=True)
class RunState:
    """A run at the edge of a step.

    Args:
        seed: of the run.
        cursor: where it goes on.
        configuration, scope: of the run, see `configuration_of` and `scope_of`.
        sections: "model", "optimizer", "average" and "run", nested as they come.
    """

    seed: int
    cursor: Cursor
    configuration: Mapping[str, Any]
    scope: Mapping[str, Any]
    sections: Mapping[str, Any]

    def taken_apart(self) -> tuple[bytes, dict[str, dict[str, Tensor]]]:
        """state.json, and the tensors of each further file; no tensor is copied.

        Raises:
            ArgumentError: something in it is no data, such as an object in a callback's state.
        """
        forms, files = {}, {}
        for name in _SECTIONS:
            forms[name], tensors = take_apart("fit", self.sections[name])
            if tensors:
                files[f"{name}.safetensors"] = tensors
        cursor = {"seed": self.seed, **vars(self.cursor)}
        record = {"format": FORMAT, "striate": __version__, "cursor": cursor}
        record |= {"configuration": dict(self.configuration), "scope": dict(self.scope)}
        text = json.dumps(record | {"state": forms}, allow_nan=False)
        return text.encode(), files


def state_of(
    parts: RunParts,
    cursor: Cursor,
    *,
    configuration: Mapping[str, Any],
    scope: Mapping[str, Any],
    epoch_generators: Mapping[str, Any] | None = None,
) -> RunState:
    """A run as it stands, its own tensors within.

    Args:
        parts: of the run; an average of the weights is not in the model.
        cursor: where it goes on.
        configuration, scope: of the run.
        epoch_generators: where the generators stood when the epoch began, for batches that are
            read again from the beginning of it.
    """
    step, model = parts.step, parts.step.model
    history = parts.history
    run = {
        "totals": parts.totals.state_dict(),
        "history": {"epoch": list(history.epoch), "history": history.history},
        "callbacks": [[type(each).__name__, each.state_dict()] for each in parts.callbacks],
        "stop_training": bool(getattr(model, "stop_training", False)),
        "generators": generators(step.device),
        "epoch_generators": epoch_generators,
        "extras": parts.extras,
        "best": parts.best,
    }
    average = parts.average
    sections = {
        "model": dict(model.state_dict()),
        "optimizer": optimizer_state(model, step.optimizer),
        "average": None if average is None else average.state_dict(),
        "run": run,
    }
    return RunState(step.seed, cursor, configuration, scope, sections)


def read_state(place: str, files: Mapping[str, Any]) -> RunState:
    """The state in the files of a checkpoint.

    Args:
        place: the checkpoint, for the messages.
        files: name to bytes, or to tensors.

    Raises:
        WeightsError: no checkpoint of a run, one of a newer version, or another content.
    """
    with as_written(place):
        record = read_json(files["state.json"], _MOST_BYTES)
        version = record["format"]
        if isinstance(version, int) and version > FORMAT:
            newer = f"have a state of version {FORMAT} at most"
            _check.weights_fail(place, newer, f"version {version}", "Update striate.")
        cursor = dict(record["cursor"])
        if any(type(value) is not int for value in cursor.values()):
            raise NotAsWritten("a cursor of other than whole numbers")
        seed = cursor.pop("seed")
        if any(not 0 <= value < 1 << 53 for value in cursor.values()):
            raise NotAsWritten("a cursor before the beginning, or beyond any end")
        sections = {
            name: put_together(record["state"][name], files.get(f"{name}.safetensors", {}))
            for name in _SECTIONS
        }
        told = record["configuration"], record["scope"]
        if not all(isinstance(each, dict) for each in told):
            raise NotAsWritten("a configuration or a scope that is no record")
        return RunState(seed, Cursor(**cursor), *told, sections)


def put_back(parts: RunParts, state: RunState, *, place: str) -> list[str]:
    """Gives a run all that was saved but for the generators, into its own tensors.

    Args:
        parts: of the run that goes on.
        state: of the run that was.
        place: the checkpoint, for the messages.

    Returns:
        A sentence for each callback's state that nobody takes over.

    Raises:
        WeightsError: tensors that are not this model's, or another content than was written.
    """
    with as_written(place):
        return _put_back(parts, state, place)


def _put_back(parts: RunParts, state: RunState, place: str) -> list[str]:
    step, run = parts.step, state.sections["run"]
    _load_model(step.model, state.sections["model"], place)
    load_optimizer(step.model, step.optimizer, state.sections["optimizer"], place=place)
    if parts.average is not None and state.sections["average"] is not None:
        parts.average.load_state_dict(state.sections["average"])
    parts.totals.load_state_dict(run["totals"], device=step.device)
    parts.history.epoch[:] = run["history"]["epoch"]
    parts.history.history.clear()
    parts.history.history.update(run["history"]["history"])
    step.model.stop_training = run["stop_training"]
    parts.extras.clear()
    parts.extras.update(run["extras"])
    parts.best = run["best"]
    return _load_callbacks(parts.callbacks, run["callbacks"])


def _load_model(model: torch.nn.Module, saved: Mapping[str, Any], place: str) -> None:
    mine = model.state_dict()
    described = [{n: (tuple(t.shape), t.dtype) for n, t in each.items()} for each in (mine, saved)]
    if described[0] != described[1]:
        odd = [n for n in {**mine, **saved} if described[0].get(n) != described[1].get(n)]
        fix = "Give the model of the saved run."
        _check.weights_fail(place, "hold this model's tensors", f"a difference in {odd[0]}", fix)
    with torch.no_grad():
        for name, tensor in mine.items():
            tensor.copy_(saved[name])


def _load_callbacks(callbacks: Sequence[Callback], saved: Sequence[Any]) -> list[str]:
    """Each gets the state of the one of its class that stood at the same place among those."""
    waiting: dict[str, list[Any]] = {}
    for name, own in saved:
        waiting.setdefault(name, []).append(own)
    for each in callbacks:
        found = waiting.get(type(each).__name__)
        if found:
            each.load_state_dict(found.pop(0))
    return [
        f"The state of the callback {name} is left out, as it is not among the callbacks."
        for name, rest in waiting.items()
        if any(rest)
    ]
