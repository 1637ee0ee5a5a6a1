"""Where the state dict is in what torch.save wrote: at the top, or one level below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from striate.io.damage import Damaged

__all__ = ["NESTS", "find_state"]

NESTS = ("state_dict", "model_state_dict", "model")
"""Names under which programs keep the state dict beside other things, in this order."""

_RESERVED = "__metadata__"  # in safetensors


def find_state(
    content: Any, is_tensor: Callable[[Any], bool]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The named tensors, and the names of what stands beside them and is left out.

    The top is the state dict where it holds a tensor; else the first of `NESTS` that does.

    Args:
        content: the whole of what was saved.
        is_tensor: tells a tensor from anything else.

    Raises:
        Damaged: no dict of names and tensors at one of these places.

    Example:
        >>> find_state({"epoch": 3, "state_dict": {"w": 1.5, "note": "x"}}, lambda v: v == 1.5)
        ({'w': 1.5}, ('epoch', 'note'))
    """
    if not isinstance(content, dict):
        raise Damaged(f"one {type(content).__name__} instead of names and tensors")
    left_out: list[str] = []
    if not _holds_tensor(content, is_tensor):
        nest = next((n for n in NESTS if _holds_tensor(content.get(n), is_tensor)), None)
        if nest is None:
            places = " or ".join(NESTS)
            raise Damaged(f"no tensor, neither at the top nor under {places}")
        left_out = [str(name) for name in dict.keys(content) if name != nest]
        content = content[nest]
    state: dict[str, Any] = {}
    for name, value in dict.items(content):
        if not is_tensor(value):
            left_out.append(str(name))
        elif type(name) is not str or not name or len(name) > 300 or name == _RESERVED:
            raise Damaged(f"a tensor whose name is no word: {str(name)[:80]!r}")
        else:
            state[name] = value
    return state, tuple(left_out)


def _holds_tensor(content: Any, is_tensor: Callable[[Any], bool]) -> bool:
    return isinstance(content, dict) and any(map(is_tensor, dict.values(content)))
