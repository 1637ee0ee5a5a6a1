"""What every optimizer shares: the step counter, the learning rate, clipping, weight decay.

All numbers of an update are Python floats, all tensor work is `foreach`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, overload

import torch
from torch import Tensor

from .. import _check
from .binding import BoundLater
from .clipping import clip_by_each_norm, clip_by_global_norm, clip_by_value
from .schedules import Schedule

__all__ = ["Optimizer"]


class Optimizer(BoundLater):
    """Base of the optimizers with Keras' arguments and update rules.

    Each step: clip the gradients, then p -= p * weight_decay * learning_rate, then the rule of
    the subclass. Parameters without a gradient are left alone. A `Schedule` is read at
    `iterations`, the number of finished steps, which the state dict carries.

    Args:
        learning_rate: a number, or a `Schedule`.
        hyperparameters: the subclass's own numbers; they stand in every parameter group.
        weight_decay: fraction of a weight taken away per step, times the learning rate; None
            for none.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range, or two kinds of clipping at once.
        NotBuiltError: used before `bind`.
    """

    def __init__(
        self,
        learning_rate: float | Schedule,
        hyperparameters: dict[str, Any],
        *,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__()
        self.rate_factor = 1.0  # on every rate of a schedule, for a run that must learn slower
        place = type(self).__name__
        if weight_decay is not None:
            _check.number(place, "weight_decay", weight_decay, 0.0)
        clips = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        given = {name: limit for name, limit in clips.items() if limit is not None}
        if len(given) > 1:
            first, second = list(given)[:2]
            _check.fail(place, second, f"be None when `{first}` is given", given[second])
        for name, limit in given.items():
            _check.positive(place, name, limit)
        self._schedule: Schedule | None = None
        self._learning_rate = 0.0
        self.learning_rate = learning_rate
        self._clips = clips
        self._hyperparameters = {**hyperparameters, "weight_decay": weight_decay}

    @property
    def iterations(self) -> int:
        """Number of finished steps."""
        return int(self.param_groups[0]["iterations"]) if self.bound else 0

    @property
    def schedule(self) -> Schedule | None:
        """The schedule that sets the learning rate, or None where it is a number."""
        return self._schedule

    @property
    def learning_rate(self) -> float:
        """The next step's learning rate; a number may be assigned, and sets all groups.

        Parameters named to `scale_learning_rate` have their factor times this rate.
        """
        if self._schedule is not None:
            return self._schedule(self.iterations) * self.rate_factor
        return self._rate_of_groups() if self.bound else self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float | Schedule) -> None:
        place = type(self).__name__
        if isinstance(value, Schedule):
            self._schedule = value
            self._learning_rate = value(self.iterations)
        elif self._schedule is not None:
            rule = f"not be assigned while {type(self._schedule).__name__} sets it"
            fix = "Make the optimizer with a number, or assign a schedule."
            _check.fail(place, "learning_rate", rule, value, fix)
        else:
            self._learning_rate = _check.number(place, "learning_rate", value, 0.0)
        if self.bound:
            self._set_rate(self._learning_rate)

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments; a schedule is its own config with its class name."""
        rate: Any = self._rate_of_groups() if self.bound else self._learning_rate
        if self._schedule is not None:
            kind = type(self._schedule).__name__
            rate = {"class_name": kind, **self._schedule.get_config()}
        return {"learning_rate": rate, **self._hyperparameters, **self._clips}

    def group_defaults(self) -> dict[str, Any]:
        """What stands in each parameter group: torch's "lr", the counter, the hyperparameters."""
        return {"lr": self._learning_rate, "iterations": 0, **self._hyperparameters}

    @overload
    def step(self, closure: None = None) -> None: ...

    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Updates every bound parameter that has a gradient.

        Args:
            closure: computes the loss and the gradients anew, as in torch. Default None.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            if self._schedule is not None:
                self._set_rate(self._schedule(self.iterations) * self.rate_factor)
            chosen = [[p for p in g["params"] if p.grad is not None] for g in self.param_groups]
            flat = self._clip([cast(Tensor, p.grad) for params in chosen for p in params])
            start = 0
            for group, params in zip(self.param_groups, chosen, strict=True):
                gradients = flat[start : start + len(params)]
                start += len(params)
                if params:
                    self._update_group(group, params, gradients)
                group["iterations"] += 1
        return loss

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes over a saved state; its tensors come to lie in memory as their parameters do."""
        super().load_state_dict(state_dict)
        for parameter, entries in self.state.items():
            for name, value in entries.items():
                if value.shape == parameter.shape and value.stride() != parameter.stride():
                    entries[name] = torch.empty_like(parameter, dtype=value.dtype).copy_(value)

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        """The tensors that the rule keeps for one parameter, before its first update."""
        raise NotImplementedError

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        """The rule: changes parameters and state in place. group["lr"] is a Python float."""
        raise NotImplementedError

    def _update_group(
        self, group: dict[str, Any], parameters: list[Tensor], gradients: list[Tensor]
    ) -> None:
        entries = [self.state[p] for p in parameters]
        for parameter, entry in zip(parameters, entries, strict=True):
            if not entry:
                entry.update(self._new_state(group, parameter))
        state = {name: [entry[name] for entry in entries] for name in entries[0]}
        if group["weight_decay"]:
            torch._foreach_mul_(parameters, 1.0 - group["weight_decay"] * group["lr"])
        self._update(group, parameters, gradients, state)

    def _clip(self, gradients: list[Tensor]) -> list[Tensor]:
        clips = self._clips
        if not gradients:
            return gradients
        if clips["clipnorm"] is not None:
            return clip_by_each_norm(gradients, clips["clipnorm"])
        if clips["global_clipnorm"] is not None:
            return clip_by_global_norm(gradients, clips["global_clipnorm"])
        if clips["clipvalue"] is not None:
            return clip_by_value(gradients, clips["clipvalue"])
        return gradients

    def _set_rate(self, rate: float) -> None:
        for group in self.param_groups:
            group["lr"] = rate * group.get("lr_scale", 1.0)

    def _rate_of_groups(self) -> float:
        """The rate that the groups have but for their factors."""
        first = self.param_groups[0]
        return float(first["lr"]) / float(first.get("lr_scale", 1.0))

    def __repr__(self) -> str:
        arguments = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items() if v is not None)
        return f"{type(self).__name__}({arguments})"
