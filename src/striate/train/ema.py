"""The exponential moving average of a model's weights: what is evaluated, kept and saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .. import _check
from ..ops.alignment import widen

__all__ = ["WeightAverage"]

_PLACE = "WeightAverage"


class WeightAverage:
    """An exponential moving average of parameters and floating-point buffers.

    After update t, from 0: average += (1 - d) * (weight - average), d = min(decay,
    (1 + t) / (10 + t)). The first averages follow the weights closely, so the random start is
    soon forgotten. Buffers that are whole numbers, and those that are not saved, are left out.

    The averages lie beside the model. `put_in` exchanges the model's weights for them and keeps
    the weights themselves as `raw`; `take_out` brings those back bit for bit. Both copy into the
    model's tensors, whose memory format stays as it is.

    Args:
        model: any torch module that is built.
        decay: part of the average that an update leaves, 0 <= decay < 1. Default 0.999: about
            the last 1,000 updates count.

    Raises:
        ArgumentError: a decay out of its range, or a state of another model.

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = model.weight.data.fill_(0.0)
        >>> average = WeightAverage(model, decay=0.5)
        >>> _ = model.weight.data.fill_(1.0)
        >>> average.update()
        >>> with average.swapped():
        ...     print(round(model.weight.item(), 4))
        0.9
        >>> model.weight.item()
        1.0

    Reference:
        Polyak & Juditsky, "Acceleration of Stochastic Approximation by Averaging", SIAM J.
        Control Optim. 30, 1992; the rule for d is that of TensorFlow's ExponentialMovingAverage.
    """

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        self.model = model
        self.decay = _check.fraction(_PLACE, "decay", decay)
        self.updates = 0
        self._slots = _float_slots(model)
        with torch.no_grad():
            self._averages = [widen(value).clone() for value in self._values()]
        self._raw: list[Tensor] | None = None

    @property
    def is_in(self) -> bool:
        """Whether the model holds the averages now, and `raw` its own weights."""
        return self._raw is not None

    @property
    def averages(self) -> dict[str, Tensor]:
        """The averages by state name, float32 at least."""
        return dict(zip(self._slots, self._averages, strict=True))

    @property
    def raw(self) -> dict[str, Tensor] | None:
        """The weights that training goes on with, while the model holds the averages."""
        return None if self._raw is None else dict(zip(self._slots, self._raw, strict=True))

    @torch.no_grad()
    def update(self) -> None:
        """Takes in the weights after an update of the optimizer."""
        if not self._averages:
            return
        step = self.updates
        kept = min(self.decay, (1.0 + step) / (10.0 + step))
        values = [
            value if value.dtype == average.dtype else value.to(average.dtype)
            for value, average in zip(self._values(), self._averages, strict=True)
        ]
        torch._foreach_lerp_(self._averages, values, 1.0 - kept)
        self.updates = step + 1

    @torch.no_grad()
    def put_in(self) -> None:
        """Puts the averages into the model; its weights are kept. Does nothing where they are."""
        if self._raw is None:
            self._raw = [value.clone() for value in self._values()]
            _copy_each(self._values(), self._averages)

    @torch.no_grad()
    def take_out(self) -> None:
        """Puts the model's own weights back. Does nothing where the averages are not in it."""
        if self._raw is not None:
            _copy_each(self._values(), self._raw)
            self._raw = None

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """Within it the model holds the averages; afterwards what it held before."""
        if self.is_in:
            yield
            return
        self.put_in()
        try:
            yield
        finally:
            self.take_out()

    def state_dict(self) -> dict[str, Any]:
        """Decay, number of updates, averages, and the raw weights where they are kept."""
        return {
            "decay": self.decay,
            "updates": self.updates,
            "averages": self.averages,
            "raw": self.raw,
        }

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes over what `state_dict` gave; the model itself is not touched.

        With raw weights in the state the model counts as holding the averages: `take_out` then
        gives it the raw ones.

        Raises:
            ArgumentError: other tensors than this model's.
        """
        sizes = {name: tuple(tensor.shape) for name, tensor in self.averages.items()}
        averages, raw = state["averages"], state["raw"]
        for given in (averages, raw):
            if given is not None and {n: tuple(t.shape) for n, t in given.items()} != sizes:
                odd = sorted(set(sizes) ^ set(given)) or [
                    name for name, size in sizes.items() if tuple(given[name].shape) != size
                ]
                _check.fail(_PLACE, "state", "hold a tensor for each of the model's", odd[0])
        self.decay = _check.fraction(_PLACE, "decay", state["decay"])
        self.updates = _check.whole(_PLACE, "updates", state["updates"], 0)
        _copy_each(self._averages, [averages[name] for name in self._slots])
        self._raw = None
        if raw is not None:
            self._raw = [torch.empty_like(value) for value in self._values()]
            _copy_each(self._raw, [raw[name] for name in self._slots])

    def _values(self) -> list[Tensor]:
        """The tensors that the model holds now: moving it to a device replaces its buffers."""
        return [holder[key].detach() for holder, key in self._slots.values()]


def _float_slots(model: nn.Module) -> dict[str, tuple[dict[str, Any], str]]:
    """State name -> where the model keeps that tensor; a shared tensor stands once."""
    slots: dict[str, tuple[dict[str, Any], str]] = {}
    seen: set[int] = set()
    for prefix, module in model.named_modules():
        unsaved = module._non_persistent_buffers_set
        for holder in (module._parameters, module._buffers):
            for key, tensor in holder.items():
                left_out = holder is module._buffers and key in unsaved
                if tensor is None or left_out or not tensor.is_floating_point():
                    continue
                if id(tensor) not in seen:
                    seen.add(id(tensor))
                    slots[f"{prefix}.{key}" if prefix else key] = (holder, key)
    return slots


def _copy_each(into: list[Tensor], values: list[Tensor]) -> None:
    for target, value in zip(into, values, strict=True):
        target.copy_(value)
