"""What every metric keeps: named sums on the outputs' device, which add up over processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import torch
from torch import Tensor

from .. import _check

__all__ = ["Accumulator", "quotient", "sum_dtype"]


def quotient(total: Tensor, count: Tensor) -> Tensor:
    """total / count, and 0 where the count is 0.

    Example:
        >>> quotient(torch.tensor([3.0, 3.0]), torch.tensor([2.0, 0.0])).tolist()
        [1.5, 0.0]
    """
    return torch.where(count == 0, 0.0, total / torch.where(count == 0, 1.0, count))


def sum_dtype(device: torch.device) -> torch.dtype:
    """The type of sums on a device: float64 where it has it, else float32."""
    return torch.float32 if device.type == "mps" else torch.float64


class Accumulator:
    """Named sums that grow batch by batch; nothing is read back from the device before `result`.

    The sums are float64 (float32 would stop counting at 16 777 216, some dozens of pictures'
    pixels). Sums of several processes may be added: by `merge`, or by adding what `state` gives.

    Args:
        name: under which the result is reported.
        arguments: the subclass's arguments, for `get_config`. Default None: it has none.
        by_label: whether the first axis of every sum is that of the labels, whose number the first
            batch tells; it is 1 before. Default False.
    """

    def __init__(
        self, name: str, arguments: Mapping[str, Any] | None = None, *, by_label: bool = False
    ) -> None:
        if not isinstance(name, str) or not name:
            _check.fail(type(self).__name__, "name", "be a word", name)
        self.name = name
        self._arguments = dict(arguments or {})
        self._by_label = by_label
        self._sums: dict[str, Tensor] = {}

    def result(self) -> Tensor:
        """The value over all batches since the last `reset`; a tensor on the outputs' device."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forgets all batches."""
        self._sums = {}

    def state(self) -> dict[str, Tensor]:
        """Copies of the sums by name; zeros before the first batch."""
        return {name: value.clone() for name, value in self._current().items()}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Takes over sums that `state` gave, here or in another process.

        Raises:
            ArgumentError: other names or shapes than this metric's.
        """
        shapes = {name: tuple(value.shape) for name, value in state.items()}
        wanted = {name: tuple(value.shape) for name, value in self._blank().items()}
        if self._by_label and shapes:
            labels = next(iter(shapes.values()))[:1]
            wanted = {name: (*labels, *shape[1:]) for name, shape in wanted.items()}
        if shapes != wanted:
            _check.fail(f'{type(self).__name__} "{self.name}"', "state", f"hold {wanted}", shapes)
        self._sums = {name: value.clone() for name, value in state.items()}

    def merge(self, other: Self) -> None:
        """Adds the batches that another metric of the same kind has seen.

        Raises:
            ArgumentError: another kind of metric, or other arguments.
        """
        if type(other) is not type(self) or other._arguments != self._arguments:
            rule = "be a metric of the same class and arguments"
            _check.fail(f'{type(self).__name__} "{self.name}"', "other", rule, other)
        self._add(other._current())

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments."""
        return {**self._arguments, "name": self.name}

    def _blank(self) -> dict[str, Tensor]:
        """The sums before the first batch: zeros, float64."""
        raise NotImplementedError

    def _current(self) -> dict[str, Tensor]:
        return self._sums or self._blank()

    def _add(self, amounts: Mapping[str, Tensor]) -> None:
        """Adds to the sums, which move to the amounts' device."""
        device = next(iter(amounts.values())).device
        current = self._current()
        if next(iter(current.values())).device != device:
            current = {name: value.to(device, sum_dtype(device)) for name, value in current.items()}
        if self._by_label:
            before, now = (len(next(iter(part.values()))) for part in (current, amounts))
            if before != now and 1 not in (before, now):
                rule = f"have {before} labels, as in the batches before"
                _check.fail(f'{type(self).__name__} "{self.name}"', "outputs", rule, now)
        self._sums = {name: value + amounts[name].detach() for name, value in current.items()}

    def __repr__(self) -> str:
        arguments = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({arguments})"
