"""RMSprop, as Keras computes it: epsilon inside the root."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .. import _check
from .base import Optimizer
from .schedules import Schedule

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """Gradient descent with each step divided by a running root mean square of the gradient.

    v = rho * v + (1 - rho) * g^2, d = lr * g / sqrt(v + epsilon), p -= d. With `centered` v is
    lessened by the square of a running mean of g (not below 0); with `momentum`
    m = momentum * m + d and p -= m. Epsilon stands inside the root and rho is 0.9 as in Keras;
    torch's RMSprop has it outside and alpha 0.99, and trains differently.

    Args:
        learning_rate: a number or a `Schedule`. Default 0.001.
        rho: part of the running mean that is kept, 0 <= rho < 1. Default 0.9.
        momentum: part of the last movement that is kept, 0..1. Default 0.
        epsilon: keeps the root above 0. Default 1e-7.
        centered: divide by the deviation instead of the root mean square. Default False.
        weight_decay: see `Optimizer`. Default None.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = RMSprop(0.1)
        >>> optimizer.bind([w])
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> round(w.item(), 4)
        0.6838

    Reference:
        Tieleman & Hinton, "Neural Networks for Machine Learning", 2012, lecture 6e; centered:
        Graves, arXiv 1308.0850, equations 38 to 41.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        rho: float = 0.9,
        *,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            {
                "rho": _check.fraction("RMSprop", "rho", rho),
                "momentum": _check.number("RMSprop", "momentum", momentum, 0.0, 1.0),
                "epsilon": _check.number("RMSprop", "epsilon", epsilon, 0.0),
                "centered": _check.flag("RMSprop", "centered", centered),
            },
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        names = ["velocity"]
        names += ["momentum"] if group["momentum"] else []
        names += ["average_gradient"] if group["centered"] else []
        return {name: torch.zeros_like(parameter) for name in names}

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        rate, rho, velocities = group["lr"], group["rho"], state["velocity"]
        torch._foreach_mul_(velocities, rho)
        torch._foreach_addcmul_(velocities, gradients, gradients, value=1.0 - rho)
        if group["centered"]:
            means = state["average_gradient"]
            torch._foreach_lerp_(means, gradients, 1.0 - rho)
            roots = list(torch._foreach_addcmul(velocities, means, means, value=-1.0))
            torch._foreach_clamp_min_(roots, 0.0)
            torch._foreach_add_(roots, group["epsilon"])
        else:
            roots = list(torch._foreach_add(velocities, group["epsilon"]))
        torch._foreach_sqrt_(roots)
        if group["momentum"]:
            moments = state["momentum"]
            torch._foreach_mul_(moments, group["momentum"])
            torch._foreach_addcdiv_(moments, gradients, roots, value=rate)
            torch._foreach_add_(parameters, moments, alpha=-1.0)
        else:
            torch._foreach_addcdiv_(parameters, gradients, roots, value=-rate)
