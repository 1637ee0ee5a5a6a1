"""A run of `fit`: from what the user gave to the loop."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import torch

from .. import _check
from .._counted import counted
from ..errors import StriateError
from ..train import engine
from ..train.batches import Batches
from ..train.callbacks import Callback, ProgressBar
from ..train.configuration import batch_hash, configuration_of
from ..train.ema import WeightAverage
from ..train.history import History
from ..train.keeping import RunKeeper
from .evaluating import verbosity
from .feeding import feed, split_arrays
from .fit_memory import batch_size_of, beginning_of
from .fit_options import FitOptions, batches_of
from .network import Network
from .preparing import Prepared, prepare
from .saving import describe
from .training_step import training_step

__all__ = ["run"]


def run(model: Network, given: FitOptions, keeper: RunKeeper) -> History:
    """Trains the model as `fit` was told.

    Args:
        model: compiled.
        given: to `fit`.
        keeper: of the run.
    """
    seed = keeper.seed(given.seed)
    epochs = _check.positive_int("fit", "epochs", given.epochs)
    first_epoch = _check.whole("fit", "initial_epoch", given.initial_epoch, 0)
    if first_epoch >= epochs:
        rule = f"be below epochs, here {epochs}, the number of the epoch at which to end"
        _check.fail("fit", "initial_epoch", rule, first_epoch)
    held_out, data = given.validation_data, (given.x, given.y, given.sample_weight)
    if _check.fraction("fit", "validation_split", given.validation_split):
        if held_out is not None:
            rule = "be left out where validation_split is given"
            _check.fail("fit", "validation_data", rule, type(held_out).__name__)
        data, held_out = split_arrays(*data, given.validation_split)
    batch_size, said = batch_size_of(model, given, data, keeper)
    batches = batches_of(given, data, batch_size, seed)
    precision = given.precision
    ready = prepare(
        model,
        batches,
        place="fit",
        precision=precision,
        epoch=first_epoch,
        class_weight=given.class_weight,
    )
    how: dict[str, Any] = {"accumulate": given.accumulate, "augment": given.augment}
    step = training_step(model, ready, seed=seed, jit=given.jit, capture=given.capture, **how)
    model.ema = _average(model, given.ema)
    line = _headline(batches, ready, precision, step.device)
    told = [*_progress(given.verbose, line), *_callbacks(given.callbacks)]
    validate, held_batches = _validation(model, held_out, batch_size, ready.precision)
    begun = beginning_of(step, batches, ready, given, keeper)
    if keeper.is_needed:
        more = _more(model, given, batches, ready) | {"validation": _data(held_batches)}
        settings = configuration_of(step, ready.metrics, told, more=more)
        keeper.agree(settings, step.device, epochs=epochs)
    model.history = History({"epochs": epochs, "seed": seed, "precision": ready.precision})
    return engine.fit(
        step,
        batches,
        epochs=epochs,
        initial_epoch=first_epoch,
        metrics=ready.metrics,
        callbacks=told,
        validate=validate,
        validation_epochs=_check.positive_int("fit", "validation_freq", given.validation_freq),
        check=ready.check,
        history=model.history,
        average=model.ema,
        keeper=keeper,
        on_oom=given.on_oom,
        parts=begun.parts,
        notes=(*said, *begun.notes),
    )


def _more(model: Network, given: FitOptions, batches: Batches, ready: Prepared) -> dict[str, Any]:
    """What decides a run beside its step."""
    average = model.ema
    return {
        "graph": _graph_hash(model),
        "data": _data(batches) | {"first_batch": _first_batch(batches, ready)},
        "class_weight": given.class_weight,
        "initial_epoch": given.initial_epoch,
        "validation_freq": given.validation_freq,
        "jit": given.jit,
        "ema": None if average is None else average.decay,
    } | ({"capture": True} if given.capture else {})


def _graph_hash(model: Network) -> str | None:
    """Of how the layers are joined; None for a model that cannot be written as data."""
    try:
        text = json.dumps(describe(model), sort_keys=True)
    except (StriateError, TypeError, ValueError):
        return None
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _data(batches: Batches | None) -> dict[str, Any]:
    """How many samples there are, and how they come."""
    if batches is None:
        return {}
    batches = getattr(batches, "unweighted", batches)
    source = getattr(batches, "source", None)
    return {
        "samples": None if source is None else len(source),
        "steps_per_epoch": batches.steps_per_epoch,
        "batch_size": getattr(batches, "batch_size", None),
        "shuffle": getattr(batches, "shuffle", None),
        "order_seed": getattr(batches, "seed", None),
        "drop_last": getattr(batches, "drop_last", None),
        "balanced": getattr(batches, "balance", None) is not None,
    }


def _first_batch(batches: Batches, ready: Prepared) -> str | None:
    """Its hash, where the batches are the same each time: an iterable may draw as it likes."""
    return batch_hash(ready.first) if getattr(batches, "has_cursor", True) else None


def _average(model: Network, given: float | WeightAverage | None) -> WeightAverage | None:
    """A new average of the model's weights, or the one of an earlier run of the same model."""
    if given is None:
        return None
    if not isinstance(given, WeightAverage):
        return WeightAverage(model, _check.fraction("fit", "ema", given))
    if given.model is not model:
        fix = "Give a decay, such as ema=0.999, for a new average."
        _check.fail(
            "fit", "ema", "be an average of this model's weights", type(given).__name__, fix
        )
    return given


def _progress(verbose: int | str, headline: str) -> list[Callback]:
    """The callback that shows a run, if it is to be shown."""
    shown = verbosity("fit", verbose)
    live = None if shown == "auto" else shown == "1"
    return [] if shown == "0" else [ProgressBar(headline, live=live)]


def _callbacks(given: Any) -> list[Callback]:
    """The callbacks of a run as a list of their own."""
    told = list(given) if isinstance(given, list | tuple) else [] if given is None else [given]
    for one in told:
        if not isinstance(one, Callback):
            fix = "Write it as a subclass of striate.callbacks.Callback."
            _check.fail("fit", "callbacks", "hold Callbacks", one, fix)
    return told


def _validation(
    model: Network, data: Any, batch_size: int, precision: str
) -> tuple[Callable[[], dict[str, float]] | None, Batches | None]:
    """What gives the logs of the held-out data, and their batches."""
    if data is None:
        return None, None
    is_pair = isinstance(data, tuple) and len(data) in (2, 3)
    if isinstance(data, list) and len(data) in (2, 3) and all(hasattr(p, "shape") for p in data):
        is_pair = True  # a list of batches holds tuples or Batches
    x, y, weights = (*data, None)[:3] if is_pair else (data, None, None)
    batches = feed(x, y, weights, place="fit", batch_size=batch_size)
    ready = prepare(model, batches, place="fit", precision=precision)

    def validate() -> dict[str, float]:
        return engine.evaluate(
            model,
            batches.epoch(0),
            ready.criterion,
            metrics=ready.metrics,
            precision=ready.precision,
            preprocess=ready.preprocess,
            check=ready.check,
        )

    return validate, batches


def _headline(batches: Any, ready: Prepared, wish: str, device: torch.device) -> str:
    source = getattr(batches, "source", None)
    pictures = f"{counted(len(source), 'picture')}, " if source is not None else ""
    steps = batches.steps_per_epoch
    count = f"{counted(steps, 'step')} an epoch, " if steps is not None else ""
    threads = f" with {counted(torch.get_num_threads(), 'thread')}" if device.type == "cpu" else ""
    why = " (chosen by auto)" if wish == "auto" else ""
    batch = f"batches of {len(ready.first)}; "
    return f"{pictures}{count}{batch}{device}{threads}, {ready.precision}{why}"
