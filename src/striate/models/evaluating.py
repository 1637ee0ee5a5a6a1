"""evaluate: the loss and the metrics over data."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console

from .. import _check
from ..train import engine
from ..train.callbacks.progress import numbers
from .feeding import feed
from .network import Network
from .preparing import prepare

__all__ = ["batch_size_for", "evaluate", "metrics_names", "verbosity"]


def evaluate(
    self: Network,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: int | None = None,
    verbose: int | str = "auto",
    sample_weight: Any = None,
    steps: int | None = None,
    return_dict: bool = False,
    precision: str = "float32",
) -> Any:
    """The loss and the metrics over data, in inference mode.

    Args:
        x: images as an array (n, h, w, c), or an iterable of (images, targets) batches.
        y: targets, where x is arrays.
        batch_size: samples at a time. Default None: by their size; it does not change the result
            beyond rounding.
        verbose: 0 silent; otherwise one line with the result.
        sample_weight: (n,) factor of each sample.
        steps: batches, where x is an iterable. Default None: all there are.
        return_dict: whether a dict by name is returned.
        precision: as in `fit`.

    Returns:
        The loss; [loss, *metrics] where there are metrics; or the dict.
    """
    size = batch_size_for(x, batch_size, place="evaluate")
    batches = feed(x, y, sample_weight, place="evaluate", batch_size=size, steps=steps)
    ready = prepare(self, batches, place="evaluate", precision=precision)
    started = time.perf_counter()
    logs = engine.evaluate(
        self,
        batches.epoch(0),
        ready.criterion,
        metrics=ready.metrics,
        precision=ready.precision,
        preprocess=ready.preprocess,
        check=ready.check,
    )
    self.scored = tuple(logs)
    if verbosity("evaluate", verbose) != "0":
        seconds = time.perf_counter() - started
        Console(highlight=False, soft_wrap=True).print(f"{numbers(logs)}  {seconds:.1f} s")
    values = list(logs.values())
    return logs if return_dict else values if len(values) > 1 else values[0]


def metrics_names(model: Network) -> list[str]:
    """The names of what `evaluate` returns, in its order.

    They are known after `fit` or `evaluate`, which meet the model's outputs.

    Raises:
        ArgumentError: the model was neither trained nor evaluated since it was compiled.

    Example:
        >>> import numpy as np, striate
        >>> net = striate.Sequential([striate.layers.Dense(2)])
        >>> net.compile("sgd", "mse", metrics=["mae"])
        >>> _ = net.evaluate(np.zeros((4, 3)), np.zeros((4, 2)), verbose=0)
        >>> net.metrics_names
        ['loss', 'mae']
    """
    if not model.scored:
        rule = "be asked after fit or evaluate, which meet the model's outputs"
        _check.fail(model.place, "metrics_names", rule, "neither so far")
    return list(model.scored)


def verbosity(place: str, verbose: int | str) -> str:
    """One of "auto", "0", "1", "2"; False is 0 and True is 1."""
    word = str(int(verbose)) if isinstance(verbose, bool) else str(verbose)
    return _check.choice(place, "verbose", word, ("auto", "0", "1", "2"))


def batch_size_for(x: Any, given: int | None = None, *, place: str) -> int:
    """As given; else 32 to 1,024 samples at a time, as many as hold about a million numbers."""
    if given is not None:
        return _check.positive_int(place, "batch_size", given)
    shape = getattr(x, "shape", None)
    if shape is None or len(shape) < 2:
        return 32
    numbers_each = 1
    for size in shape[1:]:
        numbers_each *= int(size)
    return max(32, min(1024, 2**20 // max(numbers_each, 1)))
