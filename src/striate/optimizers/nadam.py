"""Nadam: Adam with Nesterov's momentum, and Keras' schedule of the momentum."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from .. import _check
from .base import Optimizer
from .schedules import Schedule

__all__ = ["Nadam"]


class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

    With u_t = beta_1 * (1 - 0.96^t / 2) and U_t = u_1 * ... * u_t (in the state dict as
    `u_product`): m and v as in Adam,
    m^ = u_{t+1} * m / (1 - U_{t+1}) + (1 - u_t) * g / (1 - U_t),
    p -= lr * m^ / (sqrt(v / (1 - beta_2^t)) + epsilon), t from 1. The schedule of u_t is
    Keras'; torch's NAdam has it with momentum_decay=1.0, not with its default.

    Args:
        learning_rate: a number or a `Schedule`. Default 0.001.
        beta_1: part of the gradient's running mean that is kept. Default 0.9.
        beta_2: part of the square's running mean that is kept. Default 0.999.
        epsilon: keeps the divisor above 0. Default 1e-7.
        weight_decay: see `Optimizer`. Default None.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = Nadam(0.1)
        >>> optimizer.bind([w])
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> round(w.item(), 4)
        0.8937

    Reference:
        Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016, algorithm 2.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta_1: float = 0.9,
        *,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            {
                "beta_1": _check.fraction("Nadam", "beta_1", beta_1),
                "beta_2": _check.fraction("Nadam", "beta_2", beta_2),
                "epsilon": _check.number("Nadam", "epsilon", epsilon, 0.0),
            },
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        return {name: torch.zeros_like(parameter) for name in ("momentum", "velocity")}

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        rate, beta_1, beta_2 = group["lr"], group["beta_1"], group["beta_2"]
        time = group["iterations"] + 1
        now = beta_1 * (1.0 - 0.5 * 0.96**time)
        following = beta_1 * (1.0 - 0.5 * 0.96 ** (time + 1))
        product = group.get("u_product", 1.0) * now
        group["u_product"] = product
        moments, velocities = state["momentum"], state["velocity"]
        torch._foreach_lerp_(moments, gradients, 1.0 - beta_1)
        torch._foreach_mul_(velocities, beta_2)
        torch._foreach_addcmul_(velocities, gradients, gradients, value=1.0 - beta_2)
        roots = list(torch._foreach_sqrt(velocities))
        torch._foreach_div_(roots, math.sqrt(1.0 - beta_2**time))
        torch._foreach_add_(roots, group["epsilon"])
        ahead = following / (1.0 - product * following)
        torch._foreach_addcdiv_(parameters, moments, roots, value=-rate * ahead)
        torch._foreach_addcdiv_(
            parameters, gradients, roots, value=-rate * (1.0 - now) / (1.0 - product)
        )
