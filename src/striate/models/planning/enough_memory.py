"""What a run does about memory before its first step: it begins, begins in parts, or does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from ... import _check
from ..._counted import counted
from ...errors import StriateError
from ...plan.device_memory import device_memory
from ...plan.free_memory import Memory
from ...plan.table import size_text
from ...train.memory import give_back_memory
from .step_memory import StepMemory

__all__ = ["Beginning", "beginning", "largest_batch"]

_FEW_STEPS = 20
_TAKEN = 0.9
"""Part of the free memory that a batch that is chosen may fill; the rest is left to others."""


@dataclass(frozen=True)
class Beginning:
    """How the batches of a run pass from its first step on.

    Args:
        parts: in which a batch passes.
        notes: what is to be said of that.
    """

    parts: int = 1
    notes: tuple[str, ...] = ()


def beginning(
    memory: StepMemory, samples: int, *, on_oom: str = "stop", place: str = "fit"
) -> Beginning:
    """Finds out whether the steps of a run fit into memory, before the first is made.

    Nothing is traced where memory suffices by far. Where the free memory or the plan is not known
    the run begins: what happens is then seen at its steps.

    Args:
        memory: that the steps need.
        samples: of a batch.
        on_oom: "stop" refuses a run that does not fit; "accumulate" begins it in as many parts as
            it takes; "try" begins all the same.
        place: begins the message.

    Raises:
        PlanError: the steps do not fit.
    """
    asked = memory.step.accumulate
    if on_oom == "try":
        return Beginning(asked)
    free, bound = device_memory(memory.step.device), memory.generous_bytes(samples)
    if free is None or (bound is not None and bound <= free.bytes):
        return Beginning(asked)
    try:
        needed = memory.needed_bytes(samples)
        room = _room(memory, needed)
        if room is None or needed <= room.bytes:
            return Beginning(asked)
        if on_oom == "accumulate":
            parts = memory.fewest_parts(samples, room.bytes)
            if parts is not None:
                return Beginning(parts, (_in_parts(samples, needed, room, parts),))
    except StriateError:
        return Beginning(asked)
    _refuse(memory, samples, needed, room, place)


def largest_batch(memory: StepMemory, most: int, *, place: str = "fit") -> tuple[int, str]:
    """The largest batch whose steps fit into nine tenths of the free memory, and a sentence on it.

    Args:
        memory: that the steps need.
        most: samples that there are.
        place: begins the message.

    Raises:
        PlanError: not even one sample fits; the free memory is not known, or the step needs the
            numbers themselves.
    """
    fix = "Give batch_size as a number."
    try:
        room = _room(memory, memory.needed_bytes(most))
    except StriateError as error:
        rule = "be able to plan the step for batch_size='auto'"
        _check.plan_fail(place, rule, str(error).rstrip("."), fix)
    if room is None:
        rule = "know how much memory is free for batch_size='auto'"
        _check.plan_fail(place, rule, f"a {memory.step.device.type} that does not tell", fix)
    found = memory.largest_batch(int(_TAKEN * room.bytes), most)
    if not found:
        _refuse(memory, 1, memory.needed_bytes(1), room, place)
    return found, _chosen(found, most, memory.needed_bytes(found), room)


def _room(memory: StepMemory, needed: int) -> Memory | None:
    """What a step may hold: what is free, and what the model holds already.

    Memory that the C library keeps is given back before it is said that there is too little.
    """
    held = memory.held_bytes()
    free = device_memory(memory.step.device)
    if free is not None and needed > free.bytes + held and give_back_memory():
        free = device_memory(memory.step.device)
    return None if free is None else Memory(free.bytes + held, free.source)


def _refuse(memory: StepMemory, samples: int, needed: int, room: Memory, place: str) -> NoReturn:
    """Raises the error with the ways out."""
    parts = memory.step.accumulate
    what = f"batches of {samples}" + (f" in {parts} parts" if parts > 1 else "")
    got = f"{_have(room)}, where a step needs {size_text(needed)} by plan"
    found = memory.largest_batch(room.bytes, samples - 1) if samples > 1 else 0
    ways = [f"batch_size={found}"] if found else []
    with suppress(StriateError):  # what cannot be planned is no way out
        ways += _other_ways(memory, samples, needed, room)
    ways.append("smaller pictures" if found else "smaller pictures or a smaller net")
    largest = f"The largest batch that fits is {found}" if found else "Not even one sample fits"
    fix = f'{largest}. Use {", or ".join(ways)}. With on_oom="try" the run begins all the same.'
    _check.plan_fail(place, f"have memory for {what}", got, fix)


def _other_ways(memory: StepMemory, samples: int, needed: int, room: Memory) -> Iterator[str]:
    """Parts and half the bits, each with what it needs."""
    parts = memory.fewest_parts(samples, room.bytes)
    if parts is not None:
        size = size_text(memory.needed_bytes(samples, parts=parts))
        yield f'the same batch in parts, accumulate={parts} ({size}) or on_oom="accumulate"'
    if memory.step.precision == "float32":
        half = memory.needed_bytes(samples, precision="bfloat16")
        if half < needed:
            rest = "" if half <= room.bytes else ", too much still"
            yield f'precision="bfloat16" ({size_text(half)}{rest})'


def _in_parts(samples: int, needed: int, room: Memory, parts: int) -> str:
    return (
        f"There are {_have(room)}, and a step of {samples} samples needs {size_text(needed)} by "
        f"plan: each batch is computed in {parts} parts (accumulate={parts}). The update is that "
        "of the whole batch; only BatchNormalization sees the parts."
    )


def _chosen(found: int, most: int, needed: int, room: Memory) -> str:
    steps = -(-most // found)
    why = "all there are" if found == most else "the largest that fits"
    few = " So few updates teach little: a smaller batch may learn better."
    return (
        f"Batches of {found}, {why}: a step needs {size_text(needed)} by plan, and there are "
        f"{_have(room)}. An epoch has {counted(steps, 'step')}.{few if steps < _FEW_STEPS else ''}"
    )


def _have(room: Memory) -> str:
    return f"{size_text(room.bytes)} ({room.source}, with what the model holds)"
