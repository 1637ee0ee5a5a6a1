"""The only place that words an argument error: place, rule, value, way out.

<place>: `<argument>` must <rule>. Got <argument>=<value>. <What to do>
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from .errors import ArgumentError, DataError, PlanError, ShapeError, WeightsError

__all__ = [
    "choice",
    "data_fail",
    "fail",
    "flag",
    "floating",
    "fraction",
    "nearest",
    "number",
    "numbers",
    "pair",
    "plan_fail",
    "positive",
    "positive_int",
    "rank",
    "seed",
    "shape_fail",
    "shape_text",
    "shapes_fail",
    "sides",
    "sizes",
    "weights_fail",
    "whole",
    "window",
]


def shape_text(shape: Sequence[object]) -> str:
    """A shape as the messages print it: unknown sizes are `n` at the batch and `None` elsewhere."""
    first = "n" if shape and shape[0] is None else str(shape[0]) if shape else ""
    return "(" + ", ".join([first, *map(str, shape[1:])]) + ")"


def nearest(value: object, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like a value, best first."""
    ranked = sorted(
        known,
        key=lambda name: -difflib.SequenceMatcher(None, str(value).lower(), name.lower()).ratio(),
    )
    return ranked[:count]


def fail(place: str, argument: str, rule: str, value: object, fix: str = "") -> NoReturn:
    """Raises the ArgumentError that says which rule the argument broke."""
    text = f"{place}: `{argument}` must {rule}. Got {argument}={value!r}."
    raise ArgumentError(f"{text} {fix}".rstrip())


def shape_fail(place: str, rule: str, shape: Sequence[object], fix: str = "") -> NoReturn:
    """Raises the ShapeError that says which rule an input's shape broke."""
    raise ShapeError(f"{place}: input must {rule}. Got input {shape_text(shape)}. {fix}".rstrip())


def data_fail(place: str, rule: str, got: object, fix: str) -> NoReturn:
    """Raises the DataError of a file, folder or download: what must hold, what was found."""
    raise DataError(f"{place}: must {rule}. Got {got}. {fix}")


def weights_fail(place: str, rule: str, got: object, fix: str) -> NoReturn:
    """Raises the WeightsError of a model folder: what must hold, what was found, what to do."""
    raise WeightsError(f"{place}: must {rule}. Got {got}. {fix}")


def plan_fail(place: str, rule: str, got: object, fix: str) -> NoReturn:
    """Raises the PlanError of what this machine cannot do: what must hold, what was found."""
    raise PlanError(f"{place}: must {rule}. Got {got}. {fix}")


def shapes_fail(
    place: str, argument: str, rule: str, shapes: Mapping[str, Sequence[object]], fix: str = ""
) -> NoReturn:
    """Raises the ShapeError that says how the shapes of several tensors do not fit together."""
    got = ", ".join(f"{name} {shape_text(shape)}" for name, shape in shapes.items())
    raise ShapeError(f"{place}: `{argument}` must {rule}. Got {got}. {fix}".rstrip())


def positive_int(place: str, argument: str, value: Any, fix: str = "Use 1, 2, 3, …") -> int:
    """A whole number of at least 1."""
    taken = _index(value)
    if taken is None or taken < 1:
        fail(place, argument, "be a whole number of at least 1", value, fix)
    return taken


def whole(place: str, argument: str, value: Any, low: float = -math.inf) -> int:
    """A whole number, not below a least one."""
    taken = _index(value)
    if taken is None or taken < low:
        least = "" if low == -math.inf else f" of at least {low:g}"
        fail(place, argument, f"be a whole number{least}", value)
    return taken


def seed(place: str, value: Any) -> int:
    """A seed that every generator takes: a whole number from 0 to 2**63 - 1."""
    taken = _index(value)
    if taken is None or not 0 <= taken < 2**63:
        fail(place, "seed", "be a whole number from 0 to 2**63 - 1", value, "Use 0, 1, 2, …")
    return taken


def pair(place: str, argument: str, value: Any, low: int = 1) -> tuple[int, int]:
    """One whole number, not below a least one, for both directions, or (height, width)."""
    sizes = tuple(value) if isinstance(value, list | tuple) else (value, value)
    if len(sizes) != 2 or not all(_reaches(size, low) for size in sizes):
        rule = f"be a whole number of at least {low}, or a pair (height, width) of such"
        fail(place, argument, rule, value, f"For example {argument}=3 or {argument}=(3, 5).")
    return int(sizes[0].__index__()), int(sizes[1].__index__())


def window(place: str, argument: str, value: Any) -> tuple[int, int]:
    """As `pair`, and also TensorFlow's four numbers (1, height, width, 1), of which two count."""
    if not isinstance(value, list | tuple) or len(value) != 4:
        return pair(place, argument, value)
    if not all(_reaches(size, 1) for size in value) or (value[0], value[3]) != (1, 1):
        rule = "begin and end with 1 where it is four numbers (1, height, width, 1)"
        fail(place, argument, rule, value, f"For example {argument}=(1, 2, 2, 1).")
    return pair(place, argument, value[1:3])


def sides(place: str, argument: str, value: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Pixels: one number for all four sides, (h, w), or ((top, bottom), (left, right))."""
    both = tuple(value) if isinstance(value, list | tuple) else (value, value)
    pairs = [tuple(side) if isinstance(side, list | tuple) else (side, side) for side in both]
    if len(pairs) != 2 or not all(len(p) == 2 and all(_reaches(v, 0) for v in p) for p in pairs):
        rule = "be a number of pixels, (h, w), or ((top, bottom), (left, right))"
        fail(place, argument, rule, value, f"For example {argument}=1 or {argument}=(1, 2).")
    (top, bottom), (left, right) = pairs
    return (int(top), int(bottom)), (int(left), int(right))


def _reaches(value: Any, low: int) -> bool:
    taken = _index(value)
    return taken is not None and taken >= low


def sizes(place: str, argument: str, value: Any) -> tuple[int | None, ...]:
    """The sizes of one sample: whole numbers of at least 1, None where a size is open."""
    listed = tuple(value) if isinstance(value, list | tuple) else (value, 0)
    for size in listed:
        if size is not None and not _reaches(size, 1):
            rule = "hold the sizes (h, w, c) of one sample, each at least 1 or None"
            fail(place, argument, rule, value, f"For example {argument}=(28, 28, 1).")
    return tuple(None if size is None else int(size.__index__()) for size in listed)


def number(
    place: str, argument: str, value: Any, low: float = -math.inf, high: float = math.inf
) -> float:
    """A finite number within low..high, both included."""
    taken = _float(value)
    if not low <= taken <= high:
        if (low, high) == (-math.inf, math.inf):
            rule = "be a number"
        elif high == math.inf:
            rule = f"be a number of at least {low:g}"
        elif low == -math.inf:
            rule = f"be a number of at most {high:g}"
        else:
            rule = f"be a number from {low:g} to {high:g}"
        fail(place, argument, rule, value)
    if math.isinf(taken):
        fail(place, argument, "be finite", value)
    return taken


def numbers(
    place: str, argument: str, value: Any, low: float = -math.inf, high: float = math.inf
) -> list[float]:
    """A list or tuple of finite numbers within low..high."""
    if not isinstance(value, list | tuple):
        fail(place, argument, "be a list of numbers", value, f"For example {argument}=[0.1, 0.5].")
    return [number(place, argument, item, low, high) for item in value]


def positive(place: str, argument: str, value: Any) -> float:
    """A finite number above 0."""
    taken = _float(value)
    if not 0.0 < taken < math.inf:
        fail(place, argument, "be a number above 0", value)
    return taken


def fraction(place: str, argument: str, value: Any) -> float:
    """A number from 0 up to, not including, 1."""
    taken = _float(value)
    if not 0.0 <= taken < 1.0:
        fail(place, argument, "be a fraction, 0 <= x < 1", value, f"For example {argument}=0.5.")
    return taken


def _index(value: Any) -> int | None:
    """A whole number as an int; None for what is none."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return None
    try:
        return int(value.__index__())
    except (TypeError, ValueError, RuntimeError):  # arrays and tensors of others
        return None


def _float(value: Any) -> float:
    """A number as a float; NaN for what is none, or too great to be one."""
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):  # arrays of several numbers
        return math.nan


def flag(place: str, argument: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        fail(place, argument, "be True or False", value)
    return value


def choice(place: str, argument: str, value: Any, known: Iterable[str]) -> str:
    """One of a closed list of words; the error names the nearest three."""
    words = list(known)
    if value not in words:
        quoted = ", ".join(f'"{word}"' for word in words)
        near = nearest(value, words)
        hint = f'Did you mean "{near[0]}"?' if near and isinstance(value, str) else ""
        if len(words) > 8:
            quoted = ", ".join(f'"{word}"' for word in near) + ", …"
        fail(place, argument, f"be one of {quoted}", value, hint)
    return str(value)


def floating(place: str, argument: str, tensor: Any) -> None:
    """The tensor holds floating-point numbers."""
    if not tensor.is_floating_point():
        fix = f"Convert it: {argument}.float()."
        fail(place, argument, "hold floating-point numbers", str(tensor.dtype), fix)


def rank(place: str, shape: Sequence[object], wanted: int, layout: str) -> None:
    """The input has the wanted number of dimensions; `layout` names them, such as (n, h, w, c)."""
    if len(shape) != wanted:
        way = ""
        if wanted == 4 and len(shape) == 3:
            way = "Add the missing dimension: images[..., None] for grey, images[None] for one."
        shape_fail(place, f"have {wanted} dimensions {layout}", shape, way)
