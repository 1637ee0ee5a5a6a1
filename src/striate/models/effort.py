"""How many layer calls a description asks for, counted before the first is made.

A model that calls a model twice, which calls a model twice, and so on, is described in a few lines
and would run for longer than anyone waits.
"""

from __future__ import annotations

from typing import Any

from .. import _check

__all__ = ["MOST_CALLS", "check_effort", "count_calls"]

MOST_CALLS = 10_000
"""A net has hundreds; each call takes about half a millisecond until its shape is known."""


def check_effort(place: str, description: dict[str, Any]) -> None:
    """Refuses a description of more calls than any net has.

    Raises:
        WeightsError: more than `MOST_CALLS`.
    """
    count = count_calls(description)
    if count > MOST_CALLS:
        got = f"{count:,}" if count < 10**15 else "many more"
        fix = "The file is not as save wrote it."
        _check.weights_fail(place, f"hold a net of at most {MOST_CALLS:,} layer calls", got, fix)


def count_calls(description: dict[str, Any]) -> int:
    """The calls that joining the layers may make, at each model those of all models inside it.

    Args:
        description: of a layer or model, as `saving.describe` makes it.

    Example:
        >>> relu = {"type": "ReLU", "config": {}, "name": "r"}
        >>> inner = {"type": "Model", "layers": [relu], "calls": [{"layer": "r"}] * 3, "name": "m"}
        >>> count_calls(inner)
        3
        >>> count_calls({"type": "Model", "layers": [inner], "calls": [{"layer": "m"}] * 2})
        9
    """
    made: list[int] = []
    return _count(description, made)[1]


def _count(part: dict[str, Any], made: list[int]) -> tuple[int, int]:
    """Calls of one call of this part; and those of all models in it as each is joined."""
    kind = part["type"]
    if kind == "Same":
        return made[part["as"]], 0
    joined = 0
    one = 1
    if kind in ("Model", "Sequential"):
        each: dict[str, int] = {}
        for inner in part["layers"]:
            if inner["type"] == "InputLayer":
                continue
            each[inner["name"]], inside = _count(inner, made)
            joined += inside
        if kind == "Model":
            one = sum(each[call["layer"]] for call in part["calls"])
        else:
            one = sum(each.values())
        joined += one
    made.append(one)
    return one, joined
