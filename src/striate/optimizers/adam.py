"""Adam and AdamW, as Keras computes them: the paper's epsilon-hat form."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from .. import _check
from .base import Optimizer
from .schedules import Schedule

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """Gradient descent with running means of the gradient and of its square.

    m += (1 - beta_1) * (g - m), v += (1 - beta_2) * (g^2 - v),
    p -= lr * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon), t from 1. Epsilon
    is added to the uncorrected root (the paper's epsilon-hat) as in Keras; torch adds it to the
    corrected one. With `amsgrad` the largest v so far takes the place of v.

    Args:
        learning_rate: a number or a `Schedule`. Default 0.001.
        beta_1: part of the gradient's running mean that is kept. Default 0.9.
        beta_2: part of the square's running mean that is kept. Default 0.999.
        epsilon: keeps the divisor above 0. Default 1e-7, as in Keras (torch: 1e-8).
        amsgrad: never let the divisor shrink. Default False.
        weight_decay: see `Optimizer`. Default None.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = Adam(0.1)
        >>> optimizer.bind([w])
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> round(w.item(), 4)
        0.9

    Reference:
        Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, arXiv 1412.6980,
        section 2; amsgrad: Reddi et al., ICLR 2018, arXiv 1904.09237, algorithm 2.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta_1: float = 0.9,
        *,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        place = type(self).__name__
        super().__init__(
            learning_rate,
            {
                "beta_1": _check.fraction(place, "beta_1", beta_1),
                "beta_2": _check.fraction(place, "beta_2", beta_2),
                "epsilon": _check.number(place, "epsilon", epsilon, 0.0),
                "amsgrad": _check.flag(place, "amsgrad", amsgrad),
            },
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )

    def _new_state(self, group: dict[str, Any], parameter: Tensor) -> dict[str, Tensor]:
        names = ["momentum", "velocity"] + (["velocity_hat"] if group["amsgrad"] else [])
        return {name: torch.zeros_like(parameter) for name in names}

    def _update(
        self,
        group: dict[str, Any],
        parameters: list[Tensor],
        gradients: list[Tensor],
        state: dict[str, list[Tensor]],
    ) -> None:
        beta_1, beta_2, time = group["beta_1"], group["beta_2"], group["iterations"] + 1
        rate = group["lr"] * math.sqrt(1.0 - beta_2**time) / (1.0 - beta_1**time)
        moments, velocities = state["momentum"], state["velocity"]
        torch._foreach_lerp_(moments, gradients, 1.0 - beta_1)
        torch._foreach_mul_(velocities, beta_2)
        torch._foreach_addcmul_(velocities, gradients, gradients, value=1.0 - beta_2)
        if group["amsgrad"]:
            largest = state["velocity_hat"]
            torch._foreach_maximum_(largest, velocities)
            velocities = largest
        roots = list(torch._foreach_sqrt(velocities))
        torch._foreach_add_(roots, group["epsilon"])
        torch._foreach_addcdiv_(parameters, moments, roots, value=-rate)


class AdamW(Adam):
    """Adam with decoupled weight decay switched on.

    p -= p * weight_decay * lr before Adam's rule. Default 0.004 as in Keras (torch: 0.01).

    Args:
        learning_rate: a number or a `Schedule`. Default 0.001.
        weight_decay: fraction of a weight taken away per step, times the learning rate.
            Default 0.004.
        beta_1: part of the gradient's running mean that is kept. Default 0.9.
        beta_2: part of the square's running mean that is kept. Default 0.999.
        epsilon: keeps the divisor above 0. Default 1e-7.
        amsgrad: never let the divisor shrink. Default False.
        clipnorm: largest norm of one gradient tensor. Default None.
        clipvalue: largest absolute value in a gradient. Default None.
        global_clipnorm: largest norm of all gradients together. Default None.

    Raises:
        ArgumentError: a number out of its range, `weight_decay=None` included.

    Example:
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = AdamW(0.1, weight_decay=0.5)
        >>> optimizer.bind([w])
        >>> w.sum().backward()
        >>> optimizer.step()
        >>> round(w.item(), 4)
        0.85

    Reference:
        Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019,
        arXiv 1711.05101, algorithm 2.
    """

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        weight_decay: float = 0.004,
        *,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
            weight_decay=_check.number("AdamW", "weight_decay", weight_decay, 0.0),
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
        )
