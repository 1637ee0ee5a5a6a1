"""x scale + offset, by one number or by one a channel, as the layer of ours that computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

__all__ = ["Numbers", "Refusal", "constant", "layer_of_line", "map_numbers"]

Numbers = float | list[float]
"""One number, or one a channel."""

Refusal = Callable[[str, object, str], NoReturn]
"""refuse(rule, what was found, what to do)."""


def layer_of_line(scale: Numbers, offset: Numbers, refuse: Refusal) -> dict[str, Any]:
    """The entry of Rescaling; where a number stands for each channel, of Normalization.

    Args:
        scale, offset: where both are lists, as long as each other.
        refuse: raises, told what must hold, what was found and the way out.

    Raises:
        WeightsError: lists of other lengths, or a scale for each channel that is not above 0.

    Example:
        >>> layer_of_line(2.0, 1.0, print)
        {'type': 'Rescaling', 'config': {'scale': 2.0, 'offset': 1.0}}
        >>> layer_of_line([2.0, 4.0], 1.0, print)["config"]
        {'axis': -1, 'mean': [-0.5, -0.25], 'variance': [0.25, 0.0625]}
    """
    if not isinstance(scale, list) and not isinstance(offset, list):
        return {"type": "Rescaling", "config": {"scale": scale, "offset": offset}}
    count = len(scale if isinstance(scale, list) else offset)  # type: ignore[arg-type]
    scales, offsets = (n if isinstance(n, list) else [n] * count for n in (scale, offset))
    if len(offsets) != len(scales) or not all(factor > 0 for factor in scales):
        rule = "have as many offsets as scales, and those above 0, where each channel has its own"
        refuse(rule, f"{scale} and {offset}"[:200], "Use one number for all channels in Keras.")
    mean = [-b / a for a, b in zip(scales, offsets, strict=True)]
    config = {"axis": -1, "mean": mean, "variance": [1 / a**2 for a in scales]}
    return {"type": "Normalization", "config": config}


def constant(value: Any) -> Numbers | None:
    """A number, or those of the channels in lists of one; None: something else.

    Example:
        >>> constant(2), constant([[[1.0, 2.0]]]), constant([[3.0]]), constant([[1.0], [2.0]])
        (2, [1.0, 2.0], 3.0, None)
    """
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list):
        return value if value and all(_is_number(each) for each in value) else None
    return value if _is_number(value) else None


def map_numbers(function: Callable[[float], float], numbers: Numbers) -> Numbers:
    """The function's value for each number."""
    return [function(n) for n in numbers] if isinstance(numbers, list) else function(numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
