"""What striate plan plans: a net by name, a Python file, a model folder, or a run as it was set."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

import striate
from striate import _check
from striate.cli.named_model import named_sketch

__all__ = ["planned"]

_BATCH, _MOST_DIGITS = 32, 100
_SHORT = {"bf16": "bfloat16"}


def planned(
    text: str,
    room: Any,
    *,
    batch: str | None,
    size: int | None,
    precision: str | None,
    optimizer: str | None,
    mode: str,
) -> tuple[Any, Any]:
    """(model, plan); what is None is a run's own, or the default.

    Args:
        text: NET, NET:DIALECT, FILE.py:NAME, or the folder of a model or run.
        room: the memory that there is, for a batch of "auto"; None where that is not known.
        batch: a number, or "auto": the largest that fits, and 1 where none does.
        size, precision, optimizer, mode: as in `striate.models.plan`.

    Raises:
        ArgumentError: nothing of these; a batch that is no number, or "auto" without a memory.
    """
    number = None if batch in (None, "auto") else _number(batch)
    if batch == "auto" and room is None:
        rule = "be a number where the free memory is not known"
        _check.fail("plan", "batch", rule, batch, "Or say --memory 8GB.")
    how: dict[str, Any] = {"optimizer": optimizer, "mode": mode}
    bits = None if precision is None else _SHORT.get(precision, precision)
    if os.path.isfile(os.path.join(text, "config.toml")):
        if size is not None:
            rule = "be left out for a run, which has its own"
            _check.fail("plan", "size", rule, size)
        net, found = striate.tasks.classify.plan_run(text, batch=number, precision=bits, **how)
    else:
        net, how = _net(text, size), {**how, "size": size, "precision": bits or "float32"}
        found = striate.models.plan(net, number or _BATCH, **how)
    if batch == "auto":
        found = found.with_batch(max(1, found.largest_batch(room.bytes)))
    return net, dataclasses.replace(found, net=text)


def _net(text: str, size: int | None) -> Any:
    path, _, name = text.rpartition(":")
    if path.endswith(".py"):
        return striate.tasks.model_of_file(path, name)
    if text.endswith(".py"):
        fix = "Say FILE.py:NAME, a model or a function without arguments that makes one."
        _check.fail("plan", "model", "name what is in the file", text, fix)
    return named_sketch("plan", text, size=size)


def _number(batch: str | None) -> int:
    text = str(batch)
    fix = "Use 1, 2, 3, …, or auto: the largest that fits."
    is_number = text.isdecimal() and len(text) <= _MOST_DIGITS
    return _check.positive_int("plan", "batch", int(text) if is_number else batch, fix)
